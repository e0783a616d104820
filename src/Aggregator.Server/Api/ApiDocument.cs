using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Api;

/// <summary>An answer of the API: JSON with a strong validator made of its bytes (RFC 9110 §8.8.3), or 304 for who has it already.</summary>
internal sealed class ApiDocument : IResult
{
    // Chinese stays readable; what HTML gives a meaning to is escaped all the same.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly byte[] _body;
    private readonly int _status;

    private ApiDocument(byte[] body, int status)
    {
        _body = body;
        _status = status;
        Tag = new EntityTagHeaderValue("\"" + Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16)) + "\"");
    }

    /// <summary>Its validator.</summary>
    public EntityTagHeaderValue Tag { get; }

    public static ApiDocument Of<T>(T value, int status = StatusCodes.Status200OK) => new(JsonSerializer.SerializeToUtf8Bytes(value, Json), status);

    /// <summary>
    /// Why a change of this document is refused, or null: it has to say with <c>If-Match</c> which state it was made for (RFC 6585 §3),
    /// so that nobody overwrites what he has not seen. <c>*</c> is for whoever means any.
    /// </summary>
    public IResult? RefuseChange(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
            return ApiProblems.Of(StatusCodes.Status428PreconditionRequired, "Say with If-Match which state you want to change: the ETag that a GET answered with, or * for any.");
        return request.GetTypedHeaders().IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: true))
            ? null
            : ChangedMeanwhile();
    }

    /// <summary>Whether a change is meant for whatever state there is.</summary>
    public static bool MeansAny(HttpRequest request) => request.GetTypedHeaders().IfMatch.Any(static tag => tag.Equals(EntityTagHeaderValue.Any));

    /// <summary>The refusal of a change of what is no longer what was seen.</summary>
    public static IResult ChangedMeanwhile() =>
        ApiProblems.Of(StatusCodes.Status412PreconditionFailed, "It has been changed since the state that If-Match names. Get it again, and decide anew.");

    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.ETag = Tag.ToString();
        if (_status == StatusCodes.Status200OK
            && context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.StatusCode = _status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _body.Length;
        return response.Body.WriteAsync(_body, context.RequestAborted).AsTask();
    }
}
