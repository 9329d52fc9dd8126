using Microsoft.Net.Http.Headers;

namespace ChatAi.ChatNode.Api;

/// <summary>The web client of <c>wwwroot</c>, under headers that let it do nothing but what it needs.</summary>
public static class WebClient
{
    /// <summary>Scripts, styles and pictures from here only (those of messages as the page has fetched them), no frames, no forms, no strings as scripts.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        + "microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()";

    public static void UseWebClient(this WebApplication app)
    {
        app.Use(
            (http, next) =>
            {
                var headers = http.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Permissions-Policy"] = PermissionsPolicy;
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                return next(http);
            }
        );
        app.UseDefaultFiles();
        app.UseStaticFiles(
            new StaticFileOptions
            {
                // File names carry no version: a browser may keep a file but asks each time whether it is the same.
                OnPrepareResponse = file => file.Context.Response.Headers[HeaderNames.CacheControl] = "no-cache",
            }
        );
    }
}
