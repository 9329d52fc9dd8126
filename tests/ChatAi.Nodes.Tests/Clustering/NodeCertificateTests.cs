using ChatAi.Shared.Clustering;
using ChatAi.Shared.Configuration;

namespace ChatAi.Nodes.Tests.Clustering;

public sealed class NodeCertificateTests : IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    private static NodeCertificate Load(TlsSettings settings) => NodeCertificate.Load(settings, TimeProvider.System);

    private static string Refused(TlsSettings settings) =>
        Assert.Throws<ConfigurationException>(() => Load(settings)).Message;

    [Fact]
    public void Should_read_pfx_with_its_password_and_pem_with_its_key()
    {
        var (pfx, pem, key) = _authority.Issue("node");

        var fromPfx = Load(
            new()
            {
                Certificate = pfx,
                Password = "secret",
                Ca = _authority.CaFile,
            }
        );
        var fromPem = Load(
            new()
            {
                Certificate = pem,
                Key = key,
                Ca = _authority.CaFile,
            }
        );

        Assert.True(fromPfx.Certificate.HasPrivateKey);
        Assert.Equal(fromPfx.Certificate.Thumbprint, fromPem.Certificate.Thumbprint);
    }

    [Fact]
    public void Should_name_a_file_that_is_missing_or_cannot_be_read()
    {
        var (pfx, pem, _) = _authority.Issue("node");
        var rubbish = _authority.Write("rubbish.pem", "no certificate");

        Assert.Contains(
            "Tls:Certificate: /nowhere.pfx is not there.",
            Refused(new() { Certificate = "/nowhere.pfx", Ca = _authority.CaFile })
        );
        Assert.Contains(
            "Tls:Ca: /nowhere.pem is not there.",
            Refused(new() { Certificate = pem, Ca = "/nowhere.pem" })
        );
        Assert.Contains("holds no certificate", Refused(new() { Certificate = pem, Ca = rubbish }));
        Assert.Contains("cannot be read", Refused(new() { Certificate = rubbish, Ca = _authority.CaFile }));
        Assert.Contains(
            "cannot be read",
            Refused(
                new()
                {
                    Certificate = pfx,
                    Password = "wrong",
                    Ca = _authority.CaFile,
                }
            )
        );
        Assert.DoesNotContain(
            "wrong",
            Refused(
                new()
                {
                    Certificate = pfx,
                    Password = "wrong",
                    Ca = _authority.CaFile,
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Should_refuse_a_certificate_that_the_others_would_not_believe()
    {
        using var other = new Authority("other");
        var (expired, key) = (_authority.Issue("old", TimeSpan.FromDays(5)).Pem, _authority.Issue("new").Key);
        var (foreign, _, _) = other.Issue("node");

        Assert.Contains(
            "expired at",
            Refused(
                new()
                {
                    Certificate = _authority.Issue("late", TimeSpan.FromDays(5)).Pfx,
                    Password = "secret",
                    Ca = _authority.CaFile,
                }
            )
        );
        Assert.Contains(
            "cannot be read",
            Refused(
                new()
                {
                    Certificate = expired,
                    Key = key,
                    Ca = _authority.CaFile,
                }
            )
        );
        Assert.Contains(
            "is not believed by ChatAi:Cluster:Tls:Ca",
            Refused(
                new()
                {
                    Certificate = foreign,
                    Password = "secret",
                    Ca = _authority.CaFile,
                }
            )
        );
    }

    [Fact]
    public void Should_ask_for_all_keys_that_belong_together()
    {
        Assert.Contains("Ca is required", Problems(new() { Certificate = "node.pfx" }));
        Assert.Contains("Certificate is required", Problems(new() { Ca = "ca.pem" }));
        Assert.Empty(Problems(new()));

        static string Problems(TlsSettings tls) =>
            string.Join(' ', StrictSection.Problems(new ClusterSettings { Tls = tls }, "ChatAi:Cluster"));
    }
}
