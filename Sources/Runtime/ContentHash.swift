internal import Crypto
import FoundationEssentials

/// SHA-256 of bytes, as files and models are known by.
package struct ContentHasher {
    private var hasher = SHA256()

    package init() {}
    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hasher.update(bufferPointer: bytes) }
    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
    /// The digest as 64 lower-case hexadecimal digits.
    package func hexDigest() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out = [UInt8]()
        out.reserveCapacity(64)
        for byte in hasher.finalize() {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    package static func hexDigest(of text: String) -> String {
        var hasher = ContentHasher()
        hasher.update(text)
        return hasher.hexDigest()
    }
}
