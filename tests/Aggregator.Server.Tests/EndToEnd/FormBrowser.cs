using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>A browser without a screen: keeps cookies, follows redirects, and fills in the forms of the page it is on.</summary>
internal sealed class FormBrowser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private Uri _address;
    private string _html = "";

    public FormBrowser(Uri address)
    {
        _address = address;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = address };
    }

    /// <summary>The cookies that it would send to an address.</summary>
    public IReadOnlyList<Cookie> Cookies(Uri address) => [.. _cookies.GetCookies(address).Cast<Cookie>()];

    public Task<FormPage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Submits the form of this page that goes to that path, with its hidden fields.</summary>
    public Task<FormPage> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        // A form without an action goes to the address of its page.
        var (form, target) = new HtmlParser().ParseDocument(_html).Forms
            .Select(form => (Form: form, Target: new Uri(_address, form.GetAttribute("action") ?? _address.PathAndQuery)))
            .FirstOrDefault(candidate => candidate.Target.AbsolutePath == path);
        if (form is null) throw new InvalidOperationException($"There is no form for {path} on this page:\n{_html}");

        var hidden = form.Elements.OfType<IHtmlInputElement>().Where(input => input.Type == "hidden")
            .Select(input => KeyValuePair.Create(input.Name!, input.Value));
        var values = hidden.Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, target) { Content = new FormUrlEncodedContent(values) });
    }

    public async Task<FormPage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _http.SendAsync(request);
        _html = await response.Content.ReadAsStringAsync();
        _address = response.RequestMessage!.RequestUri!;
        return new FormPage(response.StatusCode, _address.AbsolutePath, _html);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A page as it came.</summary>
internal sealed record FormPage(HttpStatusCode Status, string Path, string Html);
