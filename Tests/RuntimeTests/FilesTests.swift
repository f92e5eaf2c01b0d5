import Foundation
import Runtime
import Testing

/// A folder of its own for a test, removed afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "runtime-tests-\(UUID().uuidString)"
    try AtomicFile.makeFolder(path)
    defer { AtomicFile.removeTree(path) }
    try body(path)
}

private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

@Suite struct FilesTests {
    @Test func writesAndReplaces() throws {
        try withFolder { folder in
            try AtomicFile.write("one", to: "\(folder)/a")
            try AtomicFile.write("two", to: "\(folder)/a", mode: 0o600)
            #expect(text("\(folder)/a") == "two")
            try AtomicFile.write([], to: "\(folder)/empty")
            #expect(text("\(folder)/empty") == "")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "empty"])
        }
    }

    @Test func aFailedWriteLeavesTheOldFileAndNoTemporaryOne() throws {
        try withFolder { folder in
            #expect(throws: FileFault.self) { try AtomicFile.write("x", to: "\(folder)/missing/a") }
            try AtomicFile.makeFolder("\(folder)/b/c")
            // A folder stands where the file should go: the rename fails.
            #expect(throws: FileFault.self) { try AtomicFile.write("x", to: "\(folder)/b") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b"])
        }
    }

    @Test func fullDiskIsKnown() {
        do {
            try AtomicFile.write("x", to: "/nonexistent/x")
            Issue.record("a file in a folder that does not exist was written")
        } catch {
            #expect(!error.isDiskFull && error.operation == "create" && error.description.contains("/nonexistent/x"))
        }
        #expect(FileFault(operation: "write", path: "x", code: 28).isDiskFull)
    }

    @Test func foldersSwitchInOneStep() throws {
        try withFolder { folder in
            try AtomicFile.makeFolder("\(folder)/new/deep")
            try AtomicFile.write("1", to: "\(folder)/new/deep/a")
            try AtomicFile.replaceFolder("\(folder)/now", with: "\(folder)/new")
            #expect(text("\(folder)/now/deep/a") == "1")
            try AtomicFile.makeFolder("\(folder)/new")
            try AtomicFile.write("2", to: "\(folder)/new/b")
            try AtomicFile.replaceFolder("\(folder)/now", with: "\(folder)/new")
            #expect(text("\(folder)/now/b") == "2" && text("\(folder)/now/deep/a") == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["now"])
            #expect(throws: FileFault.self) {
                try AtomicFile.replaceFolder("\(folder)/now", with: "\(folder)/not there")
            }
            #expect(text("\(folder)/now/b") == "2")
        }
    }

    @Test func linksSwitch() throws {
        try withFolder { folder in
            try AtomicFile.link("\(folder)/latest", to: "one")
            try AtomicFile.link("\(folder)/latest", to: "two")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/latest") == "two")
            #expect(throws: FileFault.self) { try AtomicFile.link("\(folder)/no/latest", to: "x") }
        }
    }

    @Test func makingFolders() throws {
        try withFolder { folder in
            try AtomicFile.makeFolder("\(folder)/a/b/c")
            try AtomicFile.makeFolder("\(folder)/a/b/c")
            try AtomicFile.write("x", to: "\(folder)/file")
            #expect(throws: FileFault.self) { try AtomicFile.makeFolder("\(folder)/file/d") }
            // A tree with a link in it is removed without following the link.
            try AtomicFile.link("\(folder)/a/link", to: "\(folder)/file")
            AtomicFile.removeTree("\(folder)/a")
            #expect(text("\(folder)/a/b/c") == nil && text("\(folder)/file") == "x")
            AtomicFile.removeTree("\(folder)/a")
        }
    }

    @Test func aLockIsHeldOnce() throws {
        try withFolder { folder in
            var lock = try FileLock.tryLock(path: "\(folder)/lock")
            #expect(lock != nil && lock?.path == "\(folder)/lock")
            #expect(try FileLock.tryLock(path: "\(folder)/lock") == nil)
            lock = nil
            #expect(try FileLock.tryLock(path: "\(folder)/lock") != nil)
            #expect(throws: FileFault.self) { _ = try FileLock.tryLock(path: "\(folder)/no/lock") }
        }
    }
}
