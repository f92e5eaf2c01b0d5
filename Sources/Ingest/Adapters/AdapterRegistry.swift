/// All adapters, in one list.
package struct AdapterRegistry: Sendable {
    package private(set) var adapters: [any Adapter]

    package init(_ adapters: [any Adapter]) { self.adapters = adapters }

    /// The adapters that the program brings along; a mapping joins them per run.
    package static let standard = AdapterRegistry([
        CanonicalAdapter(), ZendeskAdapter(), ZendeskTableAdapter(), FreshdeskAdapter(), FreshdeskTableAdapter(),
        IntercomAdapter(), ChatwootAdapter(), ZammadAdapter(), WeChatOfficialAdapter(), WeComServiceAdapter(),
        WeComArchiveAdapter(), SlackAdapter(), TelegramAdapter(), TwitterAdapter(), MeiqiaAdapter(), UseasyAdapter(),
        AimaAdapter(), WhatsAppAdapter(), TranscriptAdapter(), MailAdapter(), SingerAdapter(),
        CallTableAdapter(), SurveyTableAdapter(), BehaviorAdapter(), ArticleAdapter(), WeChatCallbackAdapter(),
    ])

    package func adapter(named name: String) -> (any Adapter)? { adapters.first { $0.descriptor.name == name } }
    package var names: [String] { adapters.map(\.descriptor.name) }
    package var tables: [any TableAdapter] { adapters.compactMap { $0 as? any TableAdapter } }
    package var documents: [any DocumentAdapter] { adapters.compactMap { $0 as? any DocumentAdapter } }

    package var texts: [any TextAdapter] { adapters.compactMap { $0 as? any TextAdapter } }

    /// The same with mappings before the rest.
    package func adding(_ more: [any Adapter]) -> AdapterRegistry { AdapterRegistry(more + adapters) }
}
