namespace Aggregator.Core.Model;

/// <summary>Somebody who wrote or contributed. Plain text.</summary>
/// <param name="Name">The name as the publisher wrote it.</param>
/// <param name="Email">An e-mail address, when given; it is not republished.</param>
/// <param name="Url">A home page (absolute http(s)), when given.</param>
public sealed record Person(string Name, string? Email = null, string? Url = null);
