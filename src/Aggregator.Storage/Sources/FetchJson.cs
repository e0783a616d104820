using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;

namespace Aggregator.Storage.Sources;

/// <summary>A source's fetch settings, fetch state and capture policy as they are stored: JSON, and null for nothing.</summary>
internal static class FetchJson
{
    public static string? Write(FetchSettings? settings) =>
        settings is null ? null : StorableText.Of(JsonSerializer.Serialize(settings, StoreJson.Lists.FetchSettings));

    public static string? Write(FetchState state) =>
        state == FetchState.Nothing ? null : StorableText.Of(JsonSerializer.Serialize(state, StoreJson.Lists.FetchState));

    public static string? Write(CapturePolicy policy) =>
        policy == CapturePolicy.Off ? null : StorableText.Of(JsonSerializer.Serialize(policy, StoreJson.Lists.CapturePolicy));

    public static CapturePolicy ReadCapture(string? json) =>
        json is null ? CapturePolicy.Off : JsonSerializer.Deserialize(json, StoreJson.Lists.CapturePolicy) ?? CapturePolicy.Off;

    public static FetchSettings? ReadSettings(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, StoreJson.Lists.FetchSettings);

    public static FetchState ReadState(string? json) =>
        json is null ? FetchState.Nothing : JsonSerializer.Deserialize(json, StoreJson.Lists.FetchState) ?? FetchState.Nothing;
}
