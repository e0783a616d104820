namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>
/// The facts on Hangfire.PostgreSql, so that a deployment that moves to PostgreSQL finds no surprise: what it does otherwise is listed
/// here with the reason, and each of these facts is asserted to fail still.
/// </summary>
public sealed class PostgreSqlStorageFacts(PostgreSqlFixture fixture) : StorageFacts<PostgreSqlFixture>(fixture)
{
    private const string NoFeature = "It lacks this feature of Hangfire 1.8, and says so through HasFeature; Hangfire.Core then does without.";

    private const string NoChecks = "It does not check this argument; null reaches the SQL with the commit.";

    private const string NumericIds = "It converts ids with Convert.ToInt64, which throws on whatever is no number of its own.";

    private const string PrefixedResource = "Its exception names the resource with the schema before it.";

    private const string LockOutlivesConnection = "A lock is a row of its own, released by its handle alone; with the connection it only times out.";

    private const string ForeignKey = "It does not ask whether the job still exists, so the foreign key refuses the whole transaction.";

    private const string NoTies = "It orders by score alone; equal scores come in any order.";

    private const string InsertionOrder = "A range of a set is ordered by insertion, not by score.";

    private const string OldMonitor = "Its monitoring predates JobStorageMonitor: deleted jobs have no graph, awaiting jobs no page.";

    private const string NoSnapshot = "JobData has neither the invocation nor the snapshot of the parameters; the core reads the parameters one by one.";

    private const string Overflow = "It computes the length of a range as int, which overflows.";

    private const string UncheckedRange = "It does not check positions; PostgreSQL refuses a negative one, and the rest is an empty range.";

    private const string QueueOrder = "It orders queues by name whatever their order in the array, which is why crawl and interactive work get separate servers.";

    private const string CaseMatters = "Names in the data of a state are compared with their case.";

    private const string NewestFirst = "Its lists of processing and scheduled jobs begin with the newest.";

    private const string Unordered = "Servers come in the order of their heartbeats.";

    private const string Statistics = "Its statistics leave out retries and awaiting jobs.";

    private const string NotLinearizable = "It does not promise that a read sees the commit before it.";

    private const string NoHistoryCap = "It keeps every state of a job.";

    private const string MissingData = "It expects the data of its own states and fails without.";

    private const string JoinsJobs = "It joins the queue with the jobs, so an id without job is not listed.";

    private const string IgnoresState = "It takes every job in a queue for enqueued, whatever its state is.";

    private const string TwoCommits = "A transaction can be committed again, and writes everything again.";

    private const string Duplicates = "A range is inserted with one statement, which an item that comes twice makes fail.";

    private const string TrimsFromTheTail = "It counts the positions to keep from the oldest item.";

    private const string ZeroTimeout = "It accepts a time-out of zero, which removes every server.";

    private const string NullForEmpty = "It reports an empty array of queues as null.";

    protected override int ManyJobs => 500;

    public override void AcquireDistributedLock_InATransaction_IsFree_AfterItIsDisposedWithoutCommit() =>
        Gap(NoFeature, "NotSupportedException: 'Transaction.AcquireDistributedLock' feature", base.AcquireDistributedLock_InATransaction_IsFree_AfterItIsDisposedWithoutCommit);

    public override void AcquireDistributedLock_InATransaction_IsHeldUntilTheCommit() =>
        Gap(NoFeature, "NotSupportedException: 'Transaction.AcquireDistributedLock' feature", base.AcquireDistributedLock_InATransaction_IsHeldUntilTheCommit);

    public override void AcquireDistributedLock_InATransaction_IsReentrantWithItsConnection() =>
        Gap(NoFeature, "NotSupportedException: 'Transaction.AcquireDistributedLock' feature", base.AcquireDistributedLock_InATransaction_IsReentrantWithItsConnection);

    public override void CreateJob_CreatesTheJobWithTheCommit() =>
        Gap(NoFeature, "NotSupportedException: 'Transaction.CreateJob' feature", base.CreateJob_CreatesTheJobWithTheCommit);

    public override void GetSetContains_TellsWhetherTheValueIsThere() =>
        Gap(NoFeature, "NotSupportedException: 'Connection.GetSetContains' feature", base.GetSetContains_TellsWhetherTheValueIsThere);

    public override void GetSetContains_Throws_WhenKeyIsNull() =>
        Gap(NoFeature, "ThrowsException: Actual: typeof(System.NotSupportedException)", base.GetSetContains_Throws_WhenKeyIsNull);

    public override void GetSetContains_Throws_WhenValueIsNull() =>
        Gap(NoFeature, "ThrowsException: Actual: typeof(System.NotSupportedException)", base.GetSetContains_Throws_WhenValueIsNull);

    public override void GetSetCount_StopsAtTheLimit(int limit, long expected) =>
        Gap(NoFeature, "NotSupportedException: 'Connection.GetSetCount.Limited' feature", () => base.GetSetCount_StopsAtTheLimit(limit, expected));

    public override void GetSetCount_Throws_WhenKeysAreNull() =>
        Gap(NoFeature, "ThrowsException: Actual: typeof(System.NotSupportedException)", base.GetSetCount_Throws_WhenKeysAreNull);

    public override void GetSetCount_Throws_WhenTheLimitIsNegative() =>
        Gap(NoFeature, "ThrowsException: Actual: typeof(System.NotSupportedException)", base.GetSetCount_Throws_WhenTheLimitIsNegative);

    public override void GetUtcDateTime_ReturnsTheTime() =>
        Gap(NoFeature, "NotSupportedException: 'Connection.GetUtcDateTime' feature", base.GetUtcDateTime_ReturnsTheTime);

    public override void HasFeature_IsTrue_ForWhatTheCoreUses(string feature)
    {
        if (feature is not ("Job.Queue" or "Connection.BatchedGetFirstByLowestScoreFromSet")) Gap(NoFeature, "TrueException: Expected: True Actual: False", () => base.HasFeature_IsTrue_ForWhatTheCoreUses(feature));
        else base.HasFeature_IsTrue_ForWhatTheCoreUses(feature);
    }

    public override void HasFeature_TellsThatTheFetchedJobIsAcknowledgedInTransactions() =>
        Gap(NoFeature, "TrueException: Expected: True Actual: False", base.HasFeature_TellsThatTheFetchedJobIsAcknowledgedInTransactions);

    public override void RemoveFromQueue_InATransaction_KeepsTheJob_WhenThereIsNoCommit() =>
        Gap(NoFeature, "NotSupportedException: 'TransactionalAcknowledge:PostgreSqlFetchedJob' feature", base.RemoveFromQueue_InATransaction_KeepsTheJob_WhenThereIsNoCommit);

    public override void RemoveFromQueue_InATransaction_RemovesTheJobWithTheCommit() =>
        Gap(NoFeature, "NotSupportedException: 'TransactionalAcknowledge:PostgreSqlFetchedJob' feature", base.RemoveFromQueue_InATransaction_RemovesTheJobWithTheCommit);

    public override void SetJobParameter_InATransaction_IsWrittenWithTheCommit() =>
        Gap(NoFeature, "NotSupportedException: 'Transaction.SetJobParameter' feature", base.SetJobParameter_InATransaction_IsWrittenWithTheCommit);

    public override void AddJobState_Throws_WhenIdIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.AddJobState_Throws_WhenIdIsNull);

    public override void AddJobState_Throws_WhenStateIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.AddJobState_Throws_WhenStateIsNull);

    public override void AddRangeToSet_Throws_WhenAnItemIsNull() =>
        Gap(NoChecks, "ThrowsAnyException: No exception was thrown", base.AddRangeToSet_Throws_WhenAnItemIsNull);

    public override void AddToQueue_Throws_WhenIdIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.AddToQueue_Throws_WhenIdIsNull);

    public override void AddToSet_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.AddToSet_Throws_WhenKeyIsNull);

    public override void AddToSet_Throws_WhenValueIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.AddToSet_Throws_WhenValueIsNull);

    public override void DecrementCounter_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.DecrementCounter_Throws_WhenKeyIsNull);

    public override void ExpireJob_Throws_WhenIdIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.ExpireJob_Throws_WhenIdIsNull);

    public override void IncrementCounter_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.IncrementCounter_Throws_WhenKeyIsNull);

    public override void InsertToList_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.InsertToList_Throws_WhenKeyIsNull);

    public override void PersistJob_Throws_WhenIdIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.PersistJob_Throws_WhenIdIsNull);

    public override void RemoveFromList_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.RemoveFromList_Throws_WhenKeyIsNull);

    public override void RemoveFromSet_Throws_WhenKeyOrValueIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.RemoveFromSet_Throws_WhenKeyOrValueIsNull);

    public override void SetJobState_Throws_WhenIdIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.SetJobState_Throws_WhenIdIsNull);

    public override void SetJobState_Throws_WhenStateIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.SetJobState_Throws_WhenStateIsNull);

    public override void TrimList_Throws_WhenKeyIsNull() =>
        Gap(NoChecks, "ThrowsException: No exception was thrown", base.TrimList_Throws_WhenKeyIsNull);

    public override void GetJobData_ReturnsNull_WhenTheIdIsMalformed(string id)
    {
        if (!string.Equals(id, "-1", StringComparison.Ordinal)) Gap(NumericIds, id.Length > 10 ? "OverflowException: too large or too small for an Int64" : "FormatException: was not in a correct format", () => base.GetJobData_ReturnsNull_WhenTheIdIsMalformed(id));
        else base.GetJobData_ReturnsNull_WhenTheIdIsMalformed(id);
    }

    public override void GetJobData_ReturnsNull_WhenTheIdIsNone() =>
        Gap(NumericIds, "FormatException: was not in a correct format", base.GetJobData_ReturnsNull_WhenTheIdIsNone);

    public override void GetJobParameter_ReturnsNull_WhenTheIdIsNone() =>
        Gap(NumericIds, "FormatException: was not in a correct format", base.GetJobParameter_ReturnsNull_WhenTheIdIsNone);

    public override void GetStateData_ReturnsNull_WhenTheIdIsNone() =>
        Gap(NumericIds, "FormatException: was not in a correct format", base.GetStateData_ReturnsNull_WhenTheIdIsNone);

    public override void JobDetails_ReturnsNull_WhenTheIdIsNone() =>
        Gap(NumericIds, "FormatException: was not in a correct format", base.JobDetails_ReturnsNull_WhenTheIdIsNone);

    public override void SetJobParameter_DoesNothing_WhenTheIdIsNone() =>
        Gap(NumericIds, "FormatException: was not in a correct format", base.SetJobParameter_DoesNothing_WhenTheIdIsNone);

    public override void AcquireDistributedLock_NamesTheResource_WhenItTimesOut() =>
        Gap(PrefixedResource, "EqualException: Expected: \"resource\" Actual: \"hangfire:resource\"", base.AcquireDistributedLock_NamesTheResource_WhenItTimesOut);

    public override void AcquireDistributedLock_IsFree_AfterItsConnectionIsDisposed() =>
        Gap(LockOutlivesConnection, "PostgreSqlDistributedLockException: Timeout expired", base.AcquireDistributedLock_IsFree_AfterItsConnectionIsDisposed);

    public override void AddJobState_DoesNothing_WhenThereIsNoJob() =>
        Gap(ForeignKey, "PostgresException: 23503: insert or update on table", base.AddJobState_DoesNothing_WhenThereIsNoJob);

    public override void SetJobParameter_DoesNothing_WhenThereIsNoJob() =>
        Gap(ForeignKey, "PostgresException: 23503: insert or update on table", base.SetJobParameter_DoesNothing_WhenThereIsNoJob);

    public override void SetJobState_DoesNothing_WhenThereIsNoJob() =>
        Gap(ForeignKey, "PostgresException: 23503: insert or update on table", base.SetJobState_DoesNothing_WhenThereIsNoJob);

    public override void GetFirstByLowestScoreFromSet_OrdersEqualScoresByValue() =>
        Gap(NoTies, "EqualException: Expected: \"a\" Actual: \"c\"", base.GetFirstByLowestScoreFromSet_OrdersEqualScoresByValue);

    public override void AddToSet_UpdatesTheScore() =>
        Gap(InsertionOrder, "EqualException: Expected: \"b\" Actual: \"a\"", base.AddToSet_UpdatesTheScore);

    public override void GetRangeFromSet_IsOrderedByScore() =>
        Gap(InsertionOrder, "EqualException: Expected: \"c\" Actual: \"a\"", base.GetRangeFromSet_IsOrderedByScore);

    public override void AwaitingJobs_ReturnsThePage_WithTheStateOfTheParent() =>
        Gap(OldMonitor, "InvalidCastException: to type 'Hangfire.Storage.JobStorageMonitor'", base.AwaitingJobs_ReturnsThePage_WithTheStateOfTheParent);

    public override void DeletedByDatesCount_HasSevenDays_AndZeros() =>
        Gap(OldMonitor, "InvalidCastException: to type 'Hangfire.Storage.JobStorageMonitor'", base.DeletedByDatesCount_HasSevenDays_AndZeros);

    public override void HourlyDeletedJobs_HasADayOfHours_AndZeros() =>
        Gap(OldMonitor, "InvalidCastException: to type 'Hangfire.Storage.JobStorageMonitor'", base.HourlyDeletedJobs_HasADayOfHours_AndZeros);

    public override void GetJobData_HasASnapshotOfTheParameters() =>
        Gap(NoSnapshot, "NullReferenceException: Object reference not set to an instance of an object", base.GetJobData_HasASnapshotOfTheParameters);

    public override void GetJobData_HasAnEmptySnapshot_WhenThereAreNoParameters() =>
        Gap(NoSnapshot, "ArgumentNullException: 'collection'", base.GetJobData_HasAnEmptySnapshot_WhenThereAreNoParameters);

    public override void GetJobData_HasTheInvocation() =>
        Gap(NoSnapshot, "NullReferenceException: Object reference not set to an instance of an object", base.GetJobData_HasTheInvocation);

    public override void GetRangeFromList_IncludesBothEnds(int first, int last, string expected)
    {
        if (last == int.MaxValue) Gap(Overflow, "PostgresException: 2201W: LIMIT must not be negative", () => base.GetRangeFromList_IncludesBothEnds(first, last, expected));
        else base.GetRangeFromList_IncludesBothEnds(first, last, expected);
    }

    public override void GetRangeFromSet_IncludesBothEnds(int first, int last, string expected)
    {
        if (last == int.MaxValue) Gap(Overflow, "PostgresException: 2201W: LIMIT must not be negative", () => base.GetRangeFromSet_IncludesBothEnds(first, last, expected));
        else base.GetRangeFromSet_IncludesBothEnds(first, last, expected);
    }

    public override void GetRangeFromList_Throws_WhenTheFirstIsNegative() =>
        Gap(UncheckedRange, "ThrowsAnyException: Actual: typeof(Npgsql.PostgresException)", base.GetRangeFromList_Throws_WhenTheFirstIsNegative);

    public override void GetRangeFromList_Throws_WhenTheLastComesBeforeTheFirst() =>
        Gap(UncheckedRange, "ThrowsAnyException: No exception was thrown", base.GetRangeFromList_Throws_WhenTheLastComesBeforeTheFirst);

    public override void GetRangeFromSet_Throws_WhenTheFirstIsNegative() =>
        Gap(UncheckedRange, "ThrowsAnyException: Actual: typeof(Npgsql.PostgresException)", base.GetRangeFromSet_Throws_WhenTheFirstIsNegative);

    public override void GetRangeFromSet_Throws_WhenTheLastComesBeforeTheFirst() =>
        Gap(UncheckedRange, "ThrowsAnyException: No exception was thrown", base.GetRangeFromSet_Throws_WhenTheLastComesBeforeTheFirst);

    public override void Server_PrefersTheFirstQueue() =>
        Gap(QueueOrder, "EqualException: Collections differ", base.Server_PrefersTheFirstQueue);

    public override void FetchNextJob_LooksAtQueuesInTheGivenOrder() =>
        Gap(QueueOrder, "EqualException: Strings differ", base.FetchNextJob_LooksAtQueuesInTheGivenOrder);

    public override void GetStateData_IgnoresTheCaseOfNames() =>
        Gap(CaseMatters, "KeyNotFoundException: 'name'", base.GetStateData_IgnoresTheCaseOfNames);

    public override void ProcessingJobs_ReturnsThePage_OldestFirst() =>
        Gap(NewestFirst, "EqualException: Collections differ", base.ProcessingJobs_ReturnsThePage_OldestFirst);

    public override void ScheduledJobs_ReturnsThePage() =>
        Gap(NewestFirst, "EqualException: Collections differ", base.ScheduledJobs_ReturnsThePage);

    public override void Servers_AreOrderedByName() =>
        Gap(Unordered, "EqualException: Expected: \"a\" Actual: \"b\"", base.Servers_AreOrderedByName);

    public override void GetStatistics_CountsAwaitingJobs() =>
        Gap(Statistics, "EqualException: Expected: 1 Actual: null", base.GetStatistics_CountsAwaitingJobs);

    public override void GetStatistics_CountsServersRecurringJobsAndRetries() =>
        Gap(Statistics, "EqualException: Expected: 1 Actual: null", base.GetStatistics_CountsServersRecurringJobsAndRetries);

    public override void LinearizableReads_AreOffered() =>
        Gap(NotLinearizable, "TrueException: Expected: True Actual: False", base.LinearizableReads_AreOffered);

    public override void SetJobState_CapsTheHistory() =>
        Gap(NoHistoryCap, "InRangeException: Actual: 150", base.SetJobState_CapsTheHistory);

    public override void SucceededJobs_TolerateMissingData() =>
        Gap(MissingData, "KeyNotFoundException: 'SucceededAt'", base.SucceededJobs_TolerateMissingData);

    public override void EnqueuedJobs_ListsAJobThatIsGone() =>
        Gap(JoinsJobs, "SingleException: The collection was empty", base.EnqueuedJobs_ListsAJobThatIsGone);

    public override void EnqueuedJobs_TellsAnotherState() =>
        Gap(IgnoresState, "FalseException: Expected: False Actual: True", base.EnqueuedJobs_TellsAnotherState);

    public override void Commit_Throws_WhenCalledTwice() =>
        Gap(TwoCommits, "ThrowsAnyException: No exception was thrown", base.Commit_Throws_WhenCalledTwice);

    public override void AddRangeToSet_AddsAll() =>
        Gap(Duplicates, "PostgresException: 23505: duplicate key value violates unique constraint \"set_key_value_key\"", base.AddRangeToSet_AddsAll);

    public override void TrimList_KeepsThePositions(int first, int last, string expected)
    {
        if (expected is "4" or "2,1") Gap(TrimsFromTheTail, expected is "4" ? "EqualException: Expected: \"4\" Actual: \"1\"" : "EqualException: Expected: \"2,1\" Actual: \"4,3\"", () => base.TrimList_KeepsThePositions(first, last, expected));
        else base.TrimList_KeepsThePositions(first, last, expected);
    }

    public override void RemoveTimedOutServers_Throws_WhenTheTimeoutIsZero() =>
        Gap(ZeroTimeout, "ThrowsException: No exception was thrown", base.RemoveTimedOutServers_Throws_WhenTheTimeoutIsZero);

    public override void FetchNextJob_Throws_WhenThereAreNoQueues() =>
        Gap(NullForEmpty, "ThrowsException: Actual: typeof(System.ArgumentNullException)", base.FetchNextJob_Throws_WhenThereAreNoQueues);
}
