import Foundation
import Glibc
import Testing

@testable import Privacy

@Suite struct PseudonymTests {
    private let pseudonymizer = Pseudonymizer(key: testKey)

    @Test func form() {
        let one = pseudonymizer.pseudonym("a@b.com")
        #expect(one.hasPrefix("p_") && one.utf8.count == 18)
        #expect(Pseudonymizer.isPseudonym(one))
        #expect(
            !Pseudonymizer.isPseudonym("p_ABC") && !Pseudonymizer.isPseudonym("")
                && !Pseudonymizer.isPseudonym("p_abcdefghijklmn01"))
        #expect(pseudonymizer.pseudonym(one) == one)
    }

    /// HMAC-SHA256 of `ma@b.com` under the test key, computed with another implementation (Python's hmac and base64).
    @Test func publishedAlgorithm() {
        #expect(pseudonymizer.pseudonym("a@b.com") == "p_uf6tcmc47jk7d7rx")
        #expect(pseudonymizer.pseudonym("+86 138-0013-8000") == "p_rh54chjf4o4v3ajh")
    }

    @Test(arguments: [
        ("13800138000", "+86 138 0013 8000"), ("13800138000", "86-13800138000"), ("13800138000", "008613800138000"),
        ("13800138000", "１３８００１３８０００"), ("A.B@Example.COM", " a.b@example.com "), ("010-60682673", "(010) 60682673"),
        ("Zhang San", "zhang san"),
    ])
    func spellingsOfOnePerson(_ a: String, _ b: String) {
        #expect(pseudonymizer.pseudonym(a) == pseudonymizer.pseudonym(b))
    }

    @Test func differentPeopleAndKeys() throws {
        #expect(pseudonymizer.pseudonym("a@b.com") != pseudonymizer.pseudonym("a@b.co"))
        let other = Pseudonymizer(key: try PrivacyKey(bytes: Array(repeating: 7, count: 32)))
        #expect(pseudonymizer.pseudonym("a@b.com") != other.pseudonym("a@b.com"))
    }
}

@Suite struct PrivacyKeyTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path() + "/privacy-key-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func environmentWins() throws {
        let hex = String(repeating: "ab", count: 32)
        let key = try PrivacyKey.load(environment: [PrivacyKey.environmentName: hex], file: "/nowhere/key")
        #expect(key.bytes == Array(repeating: 0xAB, count: 32))
        #expect(key.origin == .environment(PrivacyKey.environmentName) && key.notice == nil)
        let phrase = try PrivacyKey.load(environment: [PrivacyKey.environmentName: "correct horse battery"], file: "")
        #expect(phrase.bytes == Array("correct horse battery".utf8))
        #expect(throws: PrivacyError.keyTooShort(origin: PrivacyKey.environmentName)) {
            try PrivacyKey.load(environment: [PrivacyKey.environmentName: "short"], file: "")
        }
        #expect(throws: PrivacyError.keyTooShort(origin: "memory")) { try PrivacyKey(bytes: [1]) }
    }

    @Test func firstRunMakesOneAndTheNextFindsIt() throws {
        try inFolder { folder in
            let path = folder + "/deep/privacy.key"
            let made = try PrivacyKey.load(environment: [:], file: path)
            #expect(made.origin == .created(path))
            #expect(made.notice?.contains(path) == true)
            var info = stat()
            #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == 0o600)
            #expect(stat(folder, &info) == 0 && info.st_mode & 0o777 == 0o700)
            let again = try PrivacyKey.load(environment: [:], file: path)
            #expect(again.bytes == made.bytes && again.origin == .file(path) && again.notice == nil)
            #expect(made.bytes.count == 32)
        }
    }

    @Test func unsafeFilesAreRefused() throws {
        try inFolder { folder in
            let path = folder + "/privacy.key"
            _ = try PrivacyKey.load(environment: [:], file: path)
            chmod(path, 0o644)
            #expect(throws: PrivacyError.keyReadableByOthers(path: path, mode: "0644")) {
                try PrivacyKey.load(environment: [:], file: path)
            }
            chmod(path, 0o600)
            try Data("no key".utf8).write(to: URL(filePath: path))
            chmod(path, 0o600)
            #expect(throws: PrivacyError.keyMalformed(path: path)) { try PrivacyKey.load(environment: [:], file: path) }
            let link = folder + "/link"
            symlink(path, link)
            #expect(throws: PrivacyError.keyNotAFile(path: link)) { try PrivacyKey.load(environment: [:], file: link) }
            #expect(throws: PrivacyError.keyNotAFile(path: folder)) {
                try PrivacyKey.load(environment: [:], file: folder)
            }
            #expect(throws: PrivacyError.self) { try PrivacyKey.load(environment: [:], file: path + "/below") }
            for error: PrivacyError in [
                .keyOfAnotherUser(path: path), .keyNotWritten(path: path, reason: "full"),
                .keyUnreadable(path: path, reason: "x"),
            ] { #expect(error.description.contains(path)) }
            #expect(PrivacyError.keyReadableByOthers(path: path, mode: "0644").description.contains("chmod 600"))
        }
    }
}
