using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Migrations;

/// <summary>One numbered step of the schema, as a script that is embedded for each database.</summary>
/// <param name="Number">Its place in the order; there may be gaps.</param>
/// <param name="Name">Its file's name without the extension: <c>0001_initial</c>.</param>
/// <param name="Script">Its statements.</param>
internal sealed record Migration(int Number, string Name, string Script)
{
    /// <summary>What follows its script in the same transaction, where SQL alone does not do, or null.</summary>
    public Func<StoreSession, Task>? Step { get; init; }

    /// <summary>SHA-256 of the script, in lower-case hexadecimal. How its lines end does not count: a checkout may change that.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n"))));

    /// <summary>The migrations for a database, in order.</summary>
    public static IReadOnlyList<Migration> For(StoreProvider provider)
    {
        var assembly = typeof(Migration).Assembly;
        var folder = $"{typeof(Migration).Namespace}.{provider}.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                    var name = Path.GetFileNameWithoutExtension(resource[folder.Length..]);
                    var number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
                    return new Migration(number, name, reader.ReadToEnd()) { Step = StepOf(number) };
                }),
        ];
    }

    private static Func<StoreSession, Task>? StepOf(int number) => number switch
    {
        3 => BodiesIntoSnapshots.RunAsync,
        _ => null,
    };
}
