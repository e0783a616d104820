using System.Net;
using System.Text.RegularExpressions;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>A browser without a screen: keeps cookies, follows redirects, and fills in the forms of the page it is on.</summary>
internal sealed partial class FormBrowser : IDisposable
{
    private readonly HttpClient _http;
    private string _html = "";

    public FormBrowser(Uri address) => _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public Task<FormPage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Submits the form of this page that goes to that path, with its hidden fields.</summary>
    public Task<FormPage> SubmitAsync(string action, params (string Name, string Value)[] fields)
    {
        var form = Form().Matches(_html).FirstOrDefault(match => WebUtility.HtmlDecode(match.Groups["action"].Value).Split('?')[0] == action)
            ?? throw new InvalidOperationException($"There is no form for {action} on this page:\n{_html}");
        var values = Hidden().Matches(form.Value)
            .Select(match => KeyValuePair.Create(WebUtility.HtmlDecode(match.Groups["name"].Value), WebUtility.HtmlDecode(match.Groups["value"].Value)))
            .Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(values) });
    }

    public async Task<FormPage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _http.SendAsync(request);
        _html = await response.Content.ReadAsStringAsync();
        return new FormPage(response.StatusCode, response.RequestMessage!.RequestUri!.AbsolutePath, _html);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form[^>]*action=\"(?<action>[^\"]*)\"[^>]*>.*?</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Hidden();
}

/// <summary>A page as it came.</summary>
internal sealed record FormPage(HttpStatusCode Status, string Path, string Html);
