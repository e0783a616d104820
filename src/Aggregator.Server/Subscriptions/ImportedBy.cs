namespace Aggregator.Server.Subscriptions;

/// <summary>Whose change an import is, for the list of changes.</summary>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Subject">Which import it is, as <c>import:name</c>.</param>
/// <param name="Name">What the list is called.</param>
internal sealed record ImportedBy(string Actor, string Subject, string Name);
