using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Aggregator.Server.Browse;

/// <summary>Renders a component to bytes.</summary>
internal sealed class PageRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>For everybody who asks for the same page in the same language: it knows nothing of the request that happened to be first.</summary>
    public async Task<byte[]> RenderAsync<TPage>(object model, PageRequest request) where TPage : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RenderedFor>().Request = request;
        return await RenderAsync<TPage>(model, scope.ServiceProvider);
    }

    /// <summary>For one request.</summary>
    public async Task<byte[]> RenderAsync<TPage>(object model, IServiceProvider services) where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model }));
            using var bytes = new MemoryStream();
            await using (var writer = new StreamWriter(bytes, Utf8, bufferSize: 8192, leaveOpen: true)) page.WriteHtmlTo(writer);
            return bytes.ToArray();
        });
    }
}
