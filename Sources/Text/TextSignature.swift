/// The signature by which equal texts are found.
package enum TextSignature {
    /// The hash of a normalised text; texts that differ only in case, width, numbers or spacing share it.
    package static func identity(_ text: NormalizedText) -> UInt64 { text.withBytes { ByteHash.hash($0) } }
}
