import Records
import Testing

@testable import Privacy

@Suite struct RecordMaskerTests {
    private let pseudonymizer = Pseudonymizer(key: testKey)
    private var masker: RecordMasker { RecordMasker(pseudonymizer: pseudonymizer) }

    private func batch() -> RecordBatch {
        var batch = RecordBatch()
        let item = batch.beginItem()
        batch[.message].beginRow(item: item)
        batch[.message].set(MessageField.source, "s13800138000")
        batch[.message].set(MessageField.id, "m1")
        batch[.message].set(MessageField.conversationID, "c1")
        batch[.message].set(MessageField.role, "customer")
        batch[.message].set(MessageField.sentAt, integer: 1)
        batch[.message].set(MessageField.authorID, "Lina@Example.com")
        batch[.message].set(MessageField.text, "我的电话是13800138000")
        batch[.message].set(
            MessageField.extra,
            #"{"phone":13800138000,"note":"call\n13900139000 \"now\"","n":12,"first_name":"Li\"na","13700137000":true,"x":[null,"ok"]}"#
        )
        batch[.message].endRow()
        batch[.message].beginRow(item: item)
        batch[.message].set(MessageField.id, "m2")
        batch[.message].set(MessageField.authorID, "7701")
        batch[.message].set(MessageField.text, "")
        batch[.message].endRow()
        batch[.customer].beginRow(item: item)
        batch[.customer].set(CustomerField.source, "s")
        batch[.customer].set(CustomerField.id, "lina@example.com")
        batch[.customer].set(CustomerField.name, "张伟")
        batch[.customer].set(
            CustomerField.identities,
            #"[{"kind":"email","value":"LINA@example.com"},{"value":"138 0013 8000","kind":"phone"},{"kind":"wechat","value":"li\u6797"},{"kind":"id","value":42}]"#
        )
        batch[.customer].endRow()
        return batch
    }

    @Test func fieldsByTheirPrivacy() {
        var batch = batch()
        masker.mask(&batch)
        let messages = batch[.message]
        #expect(messages.text(MessageField.source, 0) == "s13800138000")
        #expect(messages.text(MessageField.text, 0) == "我的电话是138****8000")
        #expect(messages.text(MessageField.text, 1) == "")
        #expect(messages.text(MessageField.extra, 1) == nil)
        let mail = pseudonymizer.pseudonym("lina@example.com")
        #expect(messages.text(MessageField.authorID, 0) == mail)
        #expect(messages.text(MessageField.authorID, 1) == "7701")
        #expect(
            messages.text(MessageField.extra, 0)
                == #"{"phone":"138****8000","note":"call\n139****9000 \"now\"","n":12,"first_name":"\#(pseudonymizer.pseudonym("Li\"na"))","13700137000":true,"x":[null,"ok"]}"#
        )
        let customers = batch[.customer]
        #expect(customers.text(CustomerField.id, 0) == mail)
        #expect(customers.text(CustomerField.name, 0) == pseudonymizer.pseudonym("张伟"))
        #expect(
            customers.text(CustomerField.identities, 0)
                == #"[{"kind":"email","value":"\#(mail)"},{"value":"\#(pseudonymizer.pseudonym("+8613800138000"))","kind":"phone"},{"kind":"wechat","value":"\#(pseudonymizer.pseudonym("li林"))"},{"kind":"id","value":"\#(pseudonymizer.pseudonym("42"))"}]"#
        )
    }

    @Test func maskingTwiceChangesNothing() {
        for policy in [
            PrivacyPolicy.standard, PrivacyPolicy(text: .replace, identities: .replace),
            PrivacyPolicy(identities: .mask),
        ] {
            let masker = RecordMasker(policy: policy, pseudonymizer: pseudonymizer)
            var once = batch()
            masker.mask(&once)
            var twice = once
            masker.mask(&twice)
            for kind in [RecordKind.message, .customer] {
                for row in 0..<once[kind].count { #expect(once[kind].contentHash(row) == twice[kind].contentHash(row)) }
            }
        }
    }

    @Test func offAndKeep() {
        var off = batch()
        RecordMasker(policy: .off).mask(&off)
        #expect(off[.message].contentHash(0) == batch()[.message].contentHash(0))
        var kept = batch()
        RecordMasker(policy: PrivacyPolicy(text: .mask, identities: .keep)).mask(&kept)
        #expect(kept[.message].text(MessageField.authorID, 0) == "Lina@Example.com")
        #expect(kept[.customer].text(CustomerField.name, 0) == "张伟")
        var keyless = batch()
        RecordMasker().mask(&keyless)
        #expect(keyless[.customer].text(CustomerField.name, 0) == "<NAME>")
        #expect(keyless[.customer].text(CustomerField.id, 0) == "<EMAIL>")
    }

    @Test(arguments: [
        ("visitor lina@example.com", true), ("+86 13800138000", true), ("7701", false), ("wm_13800138000x", false),
        ("", false),
    ])
    func identifiersThatHoldContactsBecomePseudonyms(_ id: String, _ changes: Bool) {
        var batch = RecordBatch()
        let item = batch.beginItem()
        batch[.ticket].beginRow(item: item)
        batch[.ticket].set(TicketField.requesterID, id)
        batch[.ticket].endRow()
        masker.mask(&batch)
        let now = batch[.ticket].text(TicketField.requesterID, 0) ?? ""
        #expect((now != id) == changes)
        #expect(Pseudonymizer.isPseudonym(now) == changes)
    }

    @Test func brokenJSONIsNoTrap() {
        for json in [
            #"{"a":"13800138000"#, #"["\"#, "{", "\"", #"{"kind":"phone","value":"#, #"{"a":"\ud800 13800138000\u00"}"#,
            "-", "[1380013800012345",
        ] {
            var batch = RecordBatch()
            let item = batch.beginItem()
            batch[.customer].beginRow(item: item)
            batch[.customer].set(CustomerField.identities, json)
            batch[.customer].set(CustomerField.attributes, json)
            batch[.customer].endRow()
            masker.mask(&batch)
            #expect(batch[.customer].text(CustomerField.attributes, 0)?.contains("13800138000\"") != true)
        }
    }

    @Test func sameOnEveryWorker() async {
        let masker = masker
        let expected = {
            var one = batch()
            masker.mask(&one)
            return one[.message].contentHash(0)
        }()
        await withTaskGroup(of: UInt64.self) { group in
            for _ in 0..<8 {
                let copy = batch()
                group.addTask {
                    var one = copy
                    masker.mask(&one)
                    return one[.message].contentHash(0)
                }
            }
            for await hash in group { #expect(hash == expected) }
        }
    }
}
