namespace Hangfire.Storage.SQLite;

internal enum ValueKind
{
    Null,
    Integer,
    Real,
    Text,

    /// <summary>Text that is encoded already.</summary>
    Utf8,
}
