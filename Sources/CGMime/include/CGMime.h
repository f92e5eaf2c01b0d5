#pragma once
// GMime behind flat structs and callbacks: function-like macros and GObject casts cannot be used from Swift.
#include <stddef.h>
#include <stdint.h>

/// One leaf of a message's tree, its transfer encoding undone. Pointers are valid inside the callback.
typedef struct {
    const char *type;        ///< main type in lower case, "text"
    const char *subtype;     ///< subtype in lower case, "plain"
    const char *charset;     ///< as declared, or NULL
    const char *filename;    ///< UTF-8, or NULL
    const char *disposition; ///< "attachment", "inline", or NULL
    const uint8_t *data;
    size_t length;
    int depth;
} cs_mail_part;

typedef struct {
    void *context;
    /// A header of the message itself with its raw value (folded, encoded); nonzero stops.
    int (*header)(void *context, const char *name, const char *raw);
    /// A multipart or an enclosed message begins ("alternative", "mixed", "rfc822" …), with its file name or NULL; nonzero stops.
    int (*enter)(void *context, const char *subtype, const char *filename, int depth);
    int (*part)(void *context, const cs_mail_part *part);
    void (*leave)(void *context);
} cs_mail_callbacks;

typedef enum { CS_MAIL_OK = 0, CS_MAIL_NO_MESSAGE = 1, CS_MAIL_TOO_DEEP = 2, CS_MAIL_TOO_MANY_PARTS = 3, CS_MAIL_STOPPED = 4 } cs_mail_result;

/// Reads one message from memory. What came before a limit was passed has been given to the callbacks.
cs_mail_result cs_mail_parse(const uint8_t *bytes, size_t length, int depth_limit, int part_limit,
                             const cs_mail_callbacks *callbacks);

/// A date of RFC 5322 as seconds since 1970; 0 where it is none. `offset` gets seconds east of UTC.
int cs_mail_date(const char *text, int64_t *seconds, int32_t *offset);
