import Testing
import Text

@testable import Models

@Suite("Safetensors")
struct SafetensorsFileTests {
    private let file = SafetensorsFile(
        tensors: [
            "bytes": .init([1, 2, 3] as [UInt8], as: .uint8), "numbers": .init([1.5, -2]),
            "wide": .init([7, 8] as [UInt64], as: .uint64), "none": .init([] as [Int32], as: .int32),
            "grid": .init(type: .int16, shape: [2, 1], bytes: [1, 0, 2, 0]),
        ], metadata: ["note": "a \"quoted\" \\ line\n中"])

    @Test func readsWhatItWrote() throws {
        let bytes = file.encoded()
        let back = try SafetensorsFile(decoding: bytes, path: "x")
        #expect(back == file)
        #expect(back.encoded() == bytes)
        #expect(back.tensors["wide"]?.integers(UInt64.self) == [7, 8])
    }

    @Test func theHeaderIsAlignedAndComesFirst() {
        let bytes = file.encoded()
        #expect(bytes[8] == 0x7b)
        #expect(bytes[0] % 8 == 0)
        #expect(SafetensorsFile().encoded().count == 16)
    }

    @Test func everyTruncationIsAnError() {
        let bytes = file.encoded()
        for length in 0..<bytes.count {
            #expect(throws: ModelError.self, "\(length) bytes") {
                try SafetensorsFile(decoding: Array(bytes[..<length]), path: "x")
            }
        }
        #expect(throws: ModelError.self) { try SafetensorsFile(decoding: bytes + [0], path: "x") }
    }

    @Test func aTensorThatIsCutOffIsNamed() throws {
        let bytes = file.encoded()
        let error = try #require(throws: ModelError.self) {
            try SafetensorsFile(decoding: Array(bytes.dropLast()), path: "m.safetensors")
        }
        #expect(error.description.contains("tensor \"bytes\"") && error.description.contains("m.safetensors"))
    }

    private func encoded(_ header: String, body: Int = 8) -> [UInt8] {
        let text = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text
            + [UInt8](repeating: 0, count: body)
    }

    @Test(arguments: [
        ("{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", "unknown type"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "its shape needs"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "impossible shape"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,8]}}", "impossible shape"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "impossible offsets"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "impossible offsets"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", "impossible offsets"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", "cut off"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "gap"),
        ("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", "lacks"),
        ("{\"a\":7}", "lacks"),
        (
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "overlaps"
        ),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "too many"),
        ("{\"__metadata__\":{\"a\":1}}", "metadata"),
        ("[1,2]", "not a JSON object"),
        ("{\"a\":", "not valid JSON"),
    ])
    func impossibleHeadersAreErrors(header: String, reason: String) throws {
        let error = try #require(throws: ModelError.self) {
            try SafetensorsFile(decoding: encoded(header), path: "x")
        }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func changedBytesNeverTrap() {
        let bytes = file.encoded()
        var state: UInt64 = 5
        for _ in 0..<4000 {
            var changed = bytes
            for _ in 0..<3 {
                state = ByteHash.mix(state &+ 1)
                changed[Int(state % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: state >> 40)
            }
            _ = try? SafetensorsFile(decoding: changed, path: "x")
        }
    }
}
