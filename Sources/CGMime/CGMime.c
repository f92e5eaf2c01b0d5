#include "CGMime.h"

#include <gmime/gmime.h>
#include <string.h>

typedef struct {
    const cs_mail_callbacks *callbacks;
    GByteArray *buffer;
    GMimeStream *sink;
    int depth_limit;
    int part_limit;
    int parts;
    cs_mail_result result;
} walker;

static int give_leaf(walker *w, GMimePart *part, int depth) {
    if (++w->parts > w->part_limit) {
        w->result = CS_MAIL_TOO_MANY_PARTS;
        return 1;
    }
    GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)part);
    g_byte_array_set_size(w->buffer, 0);
    g_mime_stream_reset(w->sink);
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (content) g_mime_data_wrapper_write_to_stream(content, w->sink);
    cs_mail_part out = {
        .type = type ? g_mime_content_type_get_media_type(type) : "text",
        .subtype = type ? g_mime_content_type_get_media_subtype(type) : "plain",
        .charset = type ? g_mime_content_type_get_parameter(type, "charset") : NULL,
        .filename = g_mime_part_get_filename(part),
        .disposition = g_mime_object_get_disposition((GMimeObject *)part),
        .data = w->buffer->data,
        .length = w->buffer->len,
        .depth = depth,
    };
    if (w->callbacks->part(w->callbacks->context, &out)) {
        w->result = CS_MAIL_STOPPED;
        return 1;
    }
    return 0;
}

static int walk(walker *w, GMimeObject *object, int depth) {
    if (!object) return 0;
    if (depth > w->depth_limit) {
        w->result = CS_MAIL_TOO_DEEP;
        return 1;
    }
    if (GMIME_IS_MULTIPART(object)) {
        GMimeContentType *type = g_mime_object_get_content_type(object);
        const char *subtype = type ? g_mime_content_type_get_media_subtype(type) : "mixed";
        if (w->callbacks->enter(w->callbacks->context, subtype, NULL, depth)) return w->result = CS_MAIL_STOPPED, 1;
        int count = g_mime_multipart_get_count((GMimeMultipart *)object);
        for (int i = 0; i < count; i++)
            if (walk(w, g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1)) return 1;
        w->callbacks->leave(w->callbacks->context);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        if (++w->parts > w->part_limit) return w->result = CS_MAIL_TOO_MANY_PARTS, 1;
        GMimeMessage *inner = g_mime_message_part_get_message((GMimeMessagePart *)object);
        const char *name = g_mime_object_get_content_disposition_parameter(object, "filename");
        if (!name) name = g_mime_object_get_content_type_parameter(object, "name");
        if (w->callbacks->enter(w->callbacks->context, "rfc822", name, depth)) return w->result = CS_MAIL_STOPPED, 1;
        if (inner && walk(w, g_mime_message_get_mime_part(inner), depth + 1)) return 1;
        w->callbacks->leave(w->callbacks->context);
    } else if (GMIME_IS_PART(object)) {
        return give_leaf(w, (GMimePart *)object, depth);
    }
    return 0;
}

static void start(void) {
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        g_mime_init();
        g_once_init_leave(&once, 1);
    }
}

cs_mail_result cs_mail_parse(const uint8_t *bytes, size_t length, int depth_limit, int part_limit,
                             const cs_mail_callbacks *callbacks) {
    start();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message) return CS_MAIL_NO_MESSAGE;

    walker w = {.callbacks = callbacks, .depth_limit = depth_limit, .part_limit = part_limit, .result = CS_MAIL_OK};
    GMimeHeaderList *headers = g_mime_object_get_header_list((GMimeObject *)message);
    int count = g_mime_header_list_get_count(headers);
    int stopped = 0;
    for (int i = 0; i < count && !stopped; i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        const char *raw = g_mime_header_get_raw_value(header);
        stopped = callbacks->header(callbacks->context, g_mime_header_get_name(header), raw ? raw : "");
    }
    if (stopped) {
        w.result = CS_MAIL_STOPPED;
    } else {
        w.sink = g_mime_stream_mem_new();
        w.buffer = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)w.sink);
        walk(&w, g_mime_message_get_mime_part(message), 0);
        g_object_unref(w.sink);
    }
    g_object_unref(message);
    return w.result;
}

int cs_mail_date(const char *text, int64_t *seconds, int32_t *offset) {
    start();
    GDateTime *date = g_mime_utils_header_decode_date(text);
    if (!date) return 0;
    *seconds = g_date_time_to_unix(date);
    *offset = (int32_t)(g_date_time_get_utc_offset(date) / G_TIME_SPAN_SECOND);
    g_date_time_unref(date);
    return 1;
}
