namespace Aggregator.Server.Publish;

/// <summary>The content codings (RFC 9110 §8.4.1) that a rendering is kept in, best first.</summary>
internal enum ContentCoding
{
    /// <summary>Brotli (RFC 7932).</summary>
    Brotli,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>As it is.</summary>
    Identity,
}
