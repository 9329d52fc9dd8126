using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChatAi.Nodes.Tests.Clustering;

/// <summary>A certificate authority made for one test, with its files in a temporary folder.</summary>
public sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatai-ca-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _own;
    private int _serial;

    public Authority(string name = "cluster")
    {
        var request = new CertificateRequest($"CN={name} authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _own = request.CreateSelfSigned(Start, Start.AddYears(1));
        CaFile = Write("ca.pem", CaPem);
    }

    public string CaFile { get; }

    public string CaPem => _own.ExportCertificatePem();

    /// <summary>The files of a new node's certificate: PFX (password <c>secret</c>), PEM, the key's PEM.</summary>
    public (string Pfx, string Pem, string Key) Issue(string name, TimeSpan? lifetime = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        byte[] serial = [1, 2, 3, (byte)Interlocked.Increment(ref _serial)];
        using var bare = request.Create(_own, Start, Start + (lifetime ?? TimeSpan.FromDays(100)), serial);
        using var whole = bare.CopyWithPrivateKey(key);
        var pfx = Path.Combine(_folder.FullName, $"{name}.pfx");
        File.WriteAllBytes(pfx, whole.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "secret"));
        return (
            pfx,
            Write($"{name}.pem", whole.ExportCertificatePem()),
            Write($"{name}.key", key.ExportPkcs8PrivateKeyPem())
        );
    }

    public string Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _own.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}
