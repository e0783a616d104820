using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Benchmarks.Serving;

/// <summary>The limit: Kestrel, its router, and endpoints that write the same head and the same bytes, knowing beforehand what to write.</summary>
internal static class BareEndpoint
{
    /// <summary>Serves each file of a folder at its name: the lines of the head, an empty line, the body.</summary>
    public static async Task<int> ServeAsync(string folder, string port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        });
        builder.Services.AddRouting();
        await using var app = builder.Build();
        foreach (var file in Directory.GetFiles(folder)) app.MapGet("/" + Path.GetFileName(file), Endpoint(await File.ReadAllBytesAsync(file)));
        await app.StartAsync();
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static RequestDelegate Endpoint(byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = System.Text.Encoding.ASCII.GetString(answer, 0, end).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var given = lines.Skip(1).Select(static line => line.Split(": ", 2)).ToDictionary(static pair => pair[0], static pair => new StringValues(pair[1]), StringComparer.OrdinalIgnoreCase);
        StringValues Take(string name) => given.Remove(name, out var value) ? value : default;
        var (tag, modified, cache, vary, link, sniff) = (Take("ETag"), Take("Last-Modified"), Take("Cache-Control"), Take("Vary"), Take("Link"), Take("X-Content-Type-Options"));
        var (origin, expose, type, coding) = (Take("Access-Control-Allow-Origin"), Take("Access-Control-Expose-Headers"), Take("Content-Type"), Take("Content-Encoding"));
        given.Remove("Date");
        given.Remove("Content-Length");
        var others = given.ToArray();
        var body = answer[(end + 4)..];
        return context =>
        {
            var response = context.Response;
            var headers = response.Headers;
            headers.ETag = tag;
            headers.LastModified = modified;
            headers.CacheControl = cache;
            headers.Vary = vary;
            headers.Link = link;
            headers.XContentTypeOptions = sniff;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = expose;
            foreach (var (name, value) in others) headers[name] = value;
            if (status == StatusCodes.Status304NotModified)
            {
                response.StatusCode = status;
                return Task.CompletedTask;
            }

            headers.ContentType = type;
            headers.ContentLength = body.Length;
            if (coding.Count > 0) headers.ContentEncoding = coding;
            var written = response.BodyWriter.WriteAsync(body, context.RequestAborted);
            return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
        };
    }
}
