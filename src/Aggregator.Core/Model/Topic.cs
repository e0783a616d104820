using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Core.Model;

/// <summary>What a published feed or list is about: everything, one category, one source, a search, or what one visitor follows.</summary>
public abstract record Topic
{
    private Topic()
    {
    }

    /// <summary>Every entry of every source.</summary>
    public static Topic Everything { get; } = new OfEverything();

    /// <summary>The entries of one category.</summary>
    public static Topic Category(long categoryId) => new OfCategory(categoryId);

    /// <summary>The entries of one source.</summary>
    public static Topic Source(long sourceId) => new OfSource(sourceId);

    /// <summary>The entries that a search finds.</summary>
    /// <param name="query">The search in its canonical spelling, as the query of an address: <c>q=…&amp;lang=…</c>.</param>
    public static Topic Search(string query) => new OfSearch(query);

    /// <summary>The entries of what one visitor follows.</summary>
    /// <param name="token">The token of his selection.</param>
    public static Topic Selection(string token) => new OfSelection(token);

    /// <summary>Everything.</summary>
    public sealed record OfEverything : Topic;

    /// <summary>One category.</summary>
    /// <param name="CategoryId">Its number.</param>
    public sealed record OfCategory(long CategoryId) : Topic;

    /// <summary>One source.</summary>
    /// <param name="SourceId">Its number.</param>
    public sealed record OfSource(long SourceId) : Topic;

    /// <summary>A search.</summary>
    /// <param name="Query">The query of its address.</param>
    public sealed record OfSearch(string Query) : Topic;

    /// <summary>What one visitor follows.</summary>
    /// <param name="Token">The token of his selection. Whoever has it reads and changes it.</param>
    public sealed record OfSelection(string Token) : Topic
    {
        /// <summary>What the store knows the token by: SHA-256 of its digits. Of 128 random bits a plain hash gives nothing away.</summary>
        public byte[] TokenHash() => SHA256.HashData(Encoding.ASCII.GetBytes(Token));

        /// <summary>Without the token: it must not come into a log.</summary>
        public override string ToString() => nameof(OfSelection);
    }
}
