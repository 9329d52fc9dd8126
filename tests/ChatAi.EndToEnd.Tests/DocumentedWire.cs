using System.Runtime.CompilerServices;
using ChatAi.Testing.Documents;

namespace ChatAi.EndToEnd.Tests;

internal static class DocumentedWire
{
    /// <summary>Every frame and HTTP answer of these tests is held to the documents.</summary>
    [ModuleInitializer]
    internal static void Check() => ProtocolDocuments.AreChecked = true;
}
