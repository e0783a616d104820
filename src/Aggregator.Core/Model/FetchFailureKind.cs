namespace Aggregator.Core.Model;

/// <summary>What went wrong with a fetch, as far as an admin would act differently on it. The numbers are stored; never renumber them.</summary>
public enum FetchFailureKind
{
    /// <summary>The host name has no address.</summary>
    UnknownHost = 1,

    /// <summary>No connection: refused, unreachable, or reset.</summary>
    ConnectionFailed = 2,

    /// <summary>The TLS handshake failed or the certificate is not to be trusted.</summary>
    CertificateInvalid = 3,

    /// <summary>A time limit passed.</summary>
    TimedOut = 4,

    /// <summary>The address, or one that it resolved or redirected to, is not public and not allowed.</summary>
    TargetRefused = 5,

    /// <summary>Too many redirects, or a circle of them.</summary>
    RedirectLoop = 6,

    /// <summary>A redirect without a usable target.</summary>
    RedirectInvalid = 7,

    /// <summary>404 or another status that says there is nothing there.</summary>
    NotFound = 8,

    /// <summary>401 or 403.</summary>
    AccessDenied = 9,

    /// <summary>429, or 503 with <c>Retry-After</c>.</summary>
    TooManyRequests = 10,

    /// <summary>Another 4xx status.</summary>
    ClientError = 11,

    /// <summary>A 5xx status.</summary>
    ServerError = 12,

    /// <summary>410: the publisher has retired the feed.</summary>
    Gone = 13,

    /// <summary>The body is larger than the limit, before or after decompression.</summary>
    TooLarge = 14,

    /// <summary>The body ended early or its compression is broken.</summary>
    BodyBroken = 15,

    /// <summary>The body is empty.</summary>
    EmptyBody = 16,

    /// <summary>The body is a web page.</summary>
    HtmlInsteadOfFeed = 17,

    /// <summary>The body is no feed in any dialect we know.</summary>
    NotAFeed = 18,

    /// <summary>A document of the catalogue is missing or unreadable.</summary>
    DocumentMissing = 19,

    /// <summary>The answer breaks HTTP.</summary>
    ProtocolError = 20,

    /// <summary>The document ends in the middle; what was complete in it was kept.</summary>
    Truncated = 21,

    /// <summary>Our own fault: an error that has no name yet. Its details are in the log.</summary>
    InternalError = 99,
}
