import Crypto
import CryptoExtras
import FoundationEssentials

/// The encrypted message of a WeChat or WeCom callback.
///
/// Shape: "消息加解密说明" of the WeChat and WeCom documentation: AES-256 in CBC mode, the key is the account's EncodingAESKey (43
/// characters, base64 without its last sign), the first 16 bytes of the key are the vector. Inside stand 16 random bytes, the
/// length of the message in four bytes (most significant first), the message, and the id of the receiver; the padding of
/// PKCS #7 has blocks of 32 bytes.
enum WeChatEnvelope {
    enum Fault: Error, Equatable {
        case badKey
        case badText
        /// The key is well formed and does not open this message.
        case wrongKey
    }

    /// The message and the id of its receiver (app id or corp id).
    static func open(_ encrypted: String, key: String) throws(Fault) -> (message: [UInt8], receiver: String) {
        guard key.utf8.count == 43, let secret = Data(base64Encoded: key + "="), secret.count == 32 else {
            throw .badKey
        }
        guard let cipher = Data(base64Encoded: String(encrypted.filter { !$0.isWhitespace })), cipher.count >= 32,
            cipher.count % 16 == 0
        else { throw .badText }
        let plain: [UInt8]
        do {
            let vector = try AES._CBC.IV(ivBytes: secret.prefix(16))
            plain = Array(try AES._CBC.decrypt(cipher, using: SymmetricKey(data: secret), iv: vector, noPadding: true))
        } catch {
            throw .badText
        }
        // A wrong key shows in the padding or in the length, which are then noise.
        guard let padding = plain.last.map(Int.init), (1...32).contains(padding), padding <= plain.count,
            plain.suffix(padding).allSatisfy({ Int($0) == padding })
        else { throw .wrongKey }
        let body = plain.dropLast(padding)
        guard body.count >= 20 else { throw .wrongKey }
        let length = body[16..<20].reduce(0) { $0 << 8 | Int($1) }
        guard length <= body.count - 20 else { throw .wrongKey }
        return (Array(body[20..<20 + length]), String(decoding: body[(20 + length)...], as: UTF8.self))
    }
}
