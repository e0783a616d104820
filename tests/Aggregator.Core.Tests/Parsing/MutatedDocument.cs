using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>A document of a list and what is done to it: enough to make the same bytes again.</summary>
/// <param name="Documents">The list.</param>
/// <param name="Document">Which one, by its place.</param>
/// <param name="Other">Another one, of which pieces are put into it.</param>
/// <param name="Mutations">What is done to it, in that order.</param>
internal sealed record MutatedDocument(IReadOnlyList<byte[]> Documents, int Document, int Other, IReadOnlyList<Mutation> Mutations)
{
    /// <summary>Any of <paramref name="documents"/>, damaged one to five times; a finding is shrunk to the fewest and smallest damages.</summary>
    internal static Arbitrary<MutatedDocument> Of(IReadOnlyList<byte[]> documents)
    {
        var mutation =
            from kind in Gen.Choose(0, Mutation.Kinds - 1)
            from at in Gen.Choose(0, 1 << 20)
            from magnitude in Gen.Choose(1, 10)
            from length in Gen.Choose(1, 1 << magnitude)
            from seed in Gen.Choose(0, 1 << 20)
            select new Mutation(kind, at, length, seed);
        var document =
            from index in Gen.Choose(0, documents.Count - 1)
            from other in Gen.Choose(0, documents.Count - 1)
            from count in Gen.Choose(1, 5)
            from mutations in Gen.ListOf(mutation, count)
            select new MutatedDocument(documents, index, other, [.. mutations]);
        return Arb.From(document, Shrink);
    }

    internal byte[] Bytes()
    {
        var document = Documents[Document].ToList();
        foreach (var mutation in Mutations) mutation.Apply(document, Documents[Other]);
        return [.. document];
    }

    public override string ToString()
    {
        var bytes = Bytes();
        var text = Convert.ToBase64String(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"document {Document} with {string.Join(", ", Mutations)}, {bytes.Length} bytes: {(text.Length > 8_000 ? text[..8_000] + "…" : text)}");
    }

    private static IEnumerable<MutatedDocument> Shrink(MutatedDocument found)
    {
        for (var i = 0; i < found.Mutations.Count; i++)
            yield return found with { Mutations = [.. found.Mutations.Where((_, at) => at != i)] };
        // A document that ends in the middle is a shorter one.
        for (var length = found.Bytes().Length / 2; length > 16; length /= 2)
            if (found.Mutations is not [.., { Kind: 3 }])
                yield return found with { Mutations = [.. found.Mutations, new Mutation(3, length, 1, 0)] };
        for (var i = 0; i < found.Mutations.Count; i++)
            if (found.Mutations[i] is { Length: > 1 } mutation)
                yield return found with { Mutations = [.. found.Mutations.Select((one, at) => at == i ? mutation with { Length = mutation.Length / 2 } : one)] };
    }
}
