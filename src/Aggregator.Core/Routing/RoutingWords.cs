using System.Text;

namespace Aggregator.Core.Routing;

/// <summary>The words of the grammar.</summary>
internal static class RoutingWords
{
    public const string Drop = "drop";
    public const string Category = "category";
    public const string Tag = "tag";

    public static readonly IReadOnlyList<string> Fields = ["title", "summary", "content", "author", "link", "tag", "source", "language"];
    public static readonly IReadOnlyList<string> Operators = ["contains", "matches", "equals"];

    public static string Of(RoutingField field) => Fields[(int)field];

    public static string Of(RoutingOperator comparison) => Operators[(int)comparison];

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text) (c is '"' or '\\' ? quoted.Append('\\') : quoted).Append(c);
        return quoted.Append('"').ToString();
    }
}
