using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Hosting;

namespace ChatAi.Shared.Clustering;

/// <summary>
/// TLS between nodes: each shows its certificate and believes what the cluster's own authorities stand behind, whatever
/// the name in it and whatever the machine believes elsewhere.
/// </summary>
public static class NodeTls
{
    public static SslOptions Of(NodeCertificate own) =>
        new()
        {
            X509Certificate = own.Certificate,
            RequireMutualAuthentication = true,
            ValidateCertificateHostname = false,
            CustomValidator = (certificate, chain, peer, _, log) => IsBelieved(own, certificate, chain, peer, log),
        };

    private static bool IsBelieved(
        NodeCertificate own,
        X509Certificate2? certificate,
        X509Chain? chain,
        string peer,
        ILoggingAdapter log
    )
    {
        var doubt = certificate is null
            ? "it shows no certificate"
            : own.Doubt(certificate, chain?.ChainPolicy.ExtraStore ?? []);
        if (doubt is not null)
            log.Warning("A node at {0} is refused: {1}", peer, doubt);
        return doubt is null;
    }
}
