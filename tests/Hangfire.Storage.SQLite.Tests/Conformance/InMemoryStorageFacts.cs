namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>The facts on the oracle, and the few where it does otherwise because it has nothing to keep.</summary>
public sealed class InMemoryStorageFacts(InMemoryFixture fixture) : StorageFacts<InMemoryFixture>(fixture)
{
    private const string NothingToKeep = "A fetched job is gone from the queue for good; memory does not outlive the process that fetched it.";
    private const string NotTracked = "It does not know which jobs are fetched.";
    private const string ReadyJobsComeFirst = "It looks at the queues before it looks at the token.";
    private const string GenericName = "Its fetched job is generic, so the name that it lists is never asked for.";
    private const string CaseMatters = "Names in the data of a state are compared with their case.";
    private const string OldComponents = "It has no processes of its own.";
    private const string TwoCommits = "A transaction can be committed again, and writes everything again.";

    public override void Dispose_GivesTheJobBack_WhenNothingWasDecided() =>
        Gap(NothingToKeep, "OperationCanceledException: The operation was canceled", base.Dispose_GivesTheJobBack_WhenNothingWasDecided);

    public override void RemoveFromQueue_InATransaction_KeepsTheJob_WhenThereIsNoCommit() =>
        Gap(NothingToKeep, "OperationCanceledException: The operation was canceled", base.RemoveFromQueue_InATransaction_KeepsTheJob_WhenThereIsNoCommit);

    public override void FetchedCount_CountsFetchedJobs() => Gap(NotTracked, "EqualException: Expected: 1 Actual: 0", base.FetchedCount_CountsFetchedJobs);

    public override void FetchedJobs_TellsWhen() => Gap(NotTracked, "SingleException: The collection was empty", base.FetchedJobs_TellsWhen);

    public override void Queues_TellFetchedJobs() => Gap(NotTracked, "EqualException: Expected: 1 Actual: null", base.Queues_TellFetchedJobs);

    public override void FetchNextJob_LeavesTheJob_WhenCancelledBefore() =>
        Gap(ReadyJobsComeFirst, "ThrowsAnyException: No exception was thrown", base.FetchNextJob_LeavesTheJob_WhenCancelledBefore);

    public override void HasFeature_TellsThatTheFetchedJobIsAcknowledgedInTransactions() =>
        Gap(GenericName, "TrueException: Expected: True Actual: False", base.HasFeature_TellsThatTheFetchedJobIsAcknowledgedInTransactions);

    public override void GetStateData_IgnoresTheCaseOfNames() => Gap(CaseMatters, "KeyNotFoundException: 'name'", base.GetStateData_IgnoresTheCaseOfNames);

    public override void Commit_Throws_WhenCalledTwice() => Gap(TwoCommits, "ThrowsAnyException: No exception was thrown", base.Commit_Throws_WhenCalledTwice);

    public override void HasFeature_IsTrue_ForWhatTheCoreUses(string feature)
    {
        if (feature is "Storage.ProcessesInsteadOfComponents") Gap(OldComponents, "TrueException: Expected: True Actual: False", () => base.HasFeature_IsTrue_ForWhatTheCoreUses(feature));
        else base.HasFeature_IsTrue_ForWhatTheCoreUses(feature);
    }
}
