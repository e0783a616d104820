namespace Aggregator.Core.Stores;

/// <summary>The numbers that the dashboard shows of all sources.</summary>
/// <param name="Due">Active sources whose time has come.</param>
/// <param name="Failing">Active sources whose last fetch failed.</param>
/// <param name="EntriesToday">New entries since midnight UTC.</param>
public sealed record SourceTotals(int Due, int Failing, long EntriesToday);
