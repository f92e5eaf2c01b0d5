import Records
import Runtime

/// Knowledge-base articles: Zendesk Guide, Freshdesk Solutions, Intercom Articles, and plain objects with title and body.
///
/// Shape: the vendors' API references (Help Center Articles; Solution Articles; Articles). Bodies are HTML and become text.
/// Times are ISO 8601, Intercom's unix seconds.
package struct ArticleAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "articles",
            reads: "knowledge-base articles: Zendesk Guide, Freshdesk Solutions, Intercom, plain JSON",
            shapeSource: "vendors' API references: articles", zone: .stated, defaultSource: "knowledge")
    }

    private static func isArticle(_ value: JSONValue) -> Bool {
        guard value.has("title"), value.has("body") || value.has("description") else { return false }
        return value.has("section_id") || value.has("html_url") || value.has("folder_id") || value.has("locale")
            || (value.has("author_id") && value.has("parent_id")) || value.has("category")
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document["source"] == nil || document["type"]?.string != "article" else { return 0 }
        if let first = items(in: document)?.elements.first(where: { _ in true }) {
            return ArticleAdapter.isArticle(first) ? 0.9 : 0
        }
        return ArticleAdapter.isArticle(document) && !document.has("status_id") && !document.has("requester_id")
            ? 0.8 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        if let articles = document["articles"], articles.kind == .array { return articles }
        if document.has("pages") || document["type"]?.string == "list" { return document["data"] }
        return nil
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["id"], "id")
        guard let title = item["title"]?.string, !title.isEmpty else { throw .missing("title") }
        guard let body = (item["body"] ?? item["description_text"] ?? item["description"])?.string else {
            throw .missing("body")
        }
        let stamp = item["updated_at"] ?? item["edited_at"]
        let updated = try records.time(stamp, "updated_at", as: stamp?.kind == .number ? .unixSeconds : .iso)
        records.add(.article) { row in
            row.set(ArticleField.id, id)
            row.set(ArticleField.title, title)
            row.set(ArticleField.body, HTMLText.plain(body))
            row.set(
                ArticleField.category,
                (item["category"] ?? item["section_id"] ?? item["folder_id"] ?? item["parent_id"])?.id)
            row.set(ArticleField.language, (item["language"] ?? item["locale"])?.id)
            row.set(ArticleField.url, (item["html_url"] ?? item["url"])?.id)
            row.set(ArticleField.updatedAt, time: updated)
        }
    }
}
