namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>The facts on our storage: all of them hold.</summary>
public sealed class SQLiteStorageFacts(SQLiteFixture fixture) : StorageFacts<SQLiteFixture>(fixture);
