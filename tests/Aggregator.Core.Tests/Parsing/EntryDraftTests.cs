using System.Reflection;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class EntryDraftTests
{
    [Fact]
    public void Keeps_nothing_of_one_entry_for_the_next()
    {
        var draft = new EntryDraft();
        var fields = typeof(EntryDraft).GetFields(BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.True(fields.Length > 30, $"{fields.Length} fields");
        foreach (var field in fields) field.SetValue(draft, Something(field.FieldType));
        draft.Clear();
        Assert.All(fields, field => Assert.Equal(field.FieldType.IsValueType ? Activator.CreateInstance(field.FieldType) : null, field.GetValue(draft)));
    }

    private static object Something(Type type)
    {
        if (type == typeof(string)) return "x";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 1;
        if (type == typeof(DateTimeOffset?)) return DateTimeOffset.UnixEpoch;
        return System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
    }
}
