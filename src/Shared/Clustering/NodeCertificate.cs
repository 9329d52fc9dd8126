using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatAi.Shared.Configuration;

namespace ChatAi.Shared.Clustering;

/// <summary>What a node shows to the others, and the authorities it believes.</summary>
public sealed record NodeCertificate(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    /// <summary>Reads the files and makes sure that the other nodes will believe this one.</summary>
    /// <exception cref="ConfigurationException">Names the key and what is wrong with its file.</exception>
    public static NodeCertificate Load(TlsSettings settings, TimeProvider time)
    {
        var authorities = Reading("Ca", settings.Ca, () => ReadAuthorities(settings.Ca));
        if (authorities.Count == 0)
            throw Problem("Ca", settings.Ca, "holds no certificate");
        var certificate = Reading("Certificate", settings.Certificate, () => ReadCertificate(settings));
        if (!certificate.HasPrivateKey)
            throw Problem("Certificate", settings.Certificate, "has no private key; set ChatAi:Cluster:Tls:Key");
        var now = time.GetUtcNow().UtcDateTime;
        if (now >= certificate.NotAfter.ToUniversalTime())
            throw Problem("Certificate", settings.Certificate, $"expired at {Text(certificate.NotAfter)}");
        if (now < certificate.NotBefore.ToUniversalTime())
            throw Problem("Certificate", settings.Certificate, $"is not valid before {Text(certificate.NotBefore)}");
        var loaded = new NodeCertificate(certificate, authorities);
        if (loaded.Doubt(certificate, []) is { } doubt)
            throw Problem("Certificate", settings.Certificate, $"is not believed by ChatAi:Cluster:Tls:Ca: {doubt}");
        return loaded;
    }

    /// <summary>Null when an authority stands behind the certificate; else why not.</summary>
    /// <param name="sent">Certificates in between, as the peer sent them.</param>
    public string? Doubt(X509Certificate2 certificate, IEnumerable<X509Certificate2> sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        foreach (var between in sent)
            chain.ChainPolicy.ExtraStore.Add(between);
        // An authority of one's own mostly has no list of revoked certificates; a lost key means a new authority.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate)
            ? null
            : string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found;
    }

    private static X509Certificate2 ReadCertificate(TlsSettings settings)
    {
        var (path, key, password) = (settings.Certificate, settings.Key, settings.Password);
        if (X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12)
            return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        var keyPath = key.Length == 0 ? null : key;
        return password.Length == 0
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
    }

    private static T Reading<T>(string key, string path, Func<T> read)
    {
        if (!File.Exists(path))
            throw Problem(key, path, "is not there");
        try
        {
            return read();
        }
        catch (Exception e)
            when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Problem(key, path, $"cannot be read: {e.Message}");
        }
    }

    private static ConfigurationException Problem(string key, string path, string what) =>
        new($"Configuration: ChatAi:Cluster:Tls:{key}: {path} {what}.");

    private static string Text(DateTime local) => $"{local.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}";
}
