/// How an adapter marks an id that is a person's name and nothing else.
///
/// Chats that know people by name alone have no better id; the mark tells masking that the whole value is personal.
package enum PersonName {
    package static let prefix = "name:"

    /// The name behind the mark; `nil` where there is no mark.
    static func marked(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let length = prefix.utf8.count
        guard value.count > length, value.prefix(length).elementsEqual(prefix.utf8) else { return nil }
        return UnsafeRawBufferPointer(rebasing: value[length...])
    }
}
