using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.WebSub;
using Xunit;

namespace Aggregator.Core.Tests.WebSub;

public sealed class HubSignatureTests
{
    private const string Secret = "secret";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("国内 <feed/>");

    [Theory]
    [InlineData("sha256"), InlineData("sha384"), InlineData("sha512"), InlineData("SHA256")]
    public void Knows_the_hubs_signature_over_the_raw_bytes(string method) =>
        Assert.Equal(HubSignatureVerdict.Valid, HubSignature.Judge($"{method}={Sign(method, Secret, Body)}", Secret, Body));

    [Fact]
    public void Reads_hexadecimal_in_either_case() =>
        Assert.Equal(HubSignatureVerdict.Valid, HubSignature.Judge("sha256=" + Sign("sha256", Secret, Body).ToUpperInvariant(), Secret, Body));

    [Fact]
    public void Does_not_trust_sha1_with_content() =>
        Assert.Equal(HubSignatureVerdict.Weak, HubSignature.Judge("sha1=" + Sign("sha1", Secret, Body), Secret, Body));

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("sha256")]
    [InlineData("sha256=")]
    [InlineData("sha256=00")]
    [InlineData("sha256=zz0000000000000000000000000000000000000000000000000000000000zzzz")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("md5=5ebe2294ecd0e0f08eab7690d2a6ee69")]
    [InlineData("none=")]
    public void Refuses_what_does_not_fit(string header) => Assert.Equal(HubSignatureVerdict.Wrong, HubSignature.Judge(header, Secret, Body));

    [Fact]
    public void Refuses_another_body_another_secret_and_another_method()
    {
        var signature = Sign("sha256", Secret, Body);
        Assert.Equal(HubSignatureVerdict.Wrong, HubSignature.Judge("sha256=" + signature, Secret, [.. Body, 32]));
        Assert.Equal(HubSignatureVerdict.Wrong, HubSignature.Judge("sha256=" + signature, "other", Body));
        Assert.Equal(HubSignatureVerdict.Wrong, HubSignature.Judge("sha512=" + signature, Secret, Body));
        Assert.Equal(HubSignatureVerdict.Wrong, HubSignature.Judge("sha1=" + Sign("sha1", "other", Body), Secret, Body));
        Assert.Equal(HubSignatureVerdict.Missing, HubSignature.Judge(null, Secret, Body));
    }

    private static string Sign(string method, string secret, byte[] body)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        return Convert.ToHexStringLower(method.ToLowerInvariant() switch
        {
#pragma warning disable CA5350 // It is what the test is about.
            "sha1" => HMACSHA1.HashData(key, body),
#pragma warning restore CA5350
            "sha256" => HMACSHA256.HashData(key, body),
            "sha384" => HMACSHA384.HashData(key, body),
            _ => HMACSHA512.HashData(key, body),
        });
    }
}
