using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aggregator.Core.Model;

namespace Aggregator.Storage.Entries;

/// <summary>The lists inside a row, and those that SQLite takes as a parameter, as JSON.</summary>
[JsonSerializable(typeof(Person[]))]
[JsonSerializable(typeof(Enclosure[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(FetchSettings))]
[JsonSerializable(typeof(FetchState))]
[JsonSerializable(typeof(CapturePolicy))]
[JsonSerializable(typeof(List<QuietSave>))]
[JsonSerializable(typeof(IReadOnlyCollection<long>))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>The one in use. Chinese stays Chinese in it: nothing of this is ever put into a page as it is.</summary>
    public static StoreJson Lists { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
