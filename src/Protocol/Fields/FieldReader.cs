using System.Runtime.CompilerServices;

namespace RmStack.Protocol;

/// <summary>A start and a size, as text gives them.</summary>
/// <param name="Start">Address or offset.</param>
/// <param name="Size">Length, bytes.</param>
public readonly record struct FieldRange(ulong Start, ulong Size);

/// <summary>
/// What a message is made from when its fields are text: the other direction of <see cref="MessageFields"/>, with the same names. A view
/// asks for each field that it tells. Two kinds answer: one has values, which it checks; one has none and keeps what was asked for, which
/// is what help and completion know of a message.
/// </summary>
/// <remarks>What is wrong first stays; every field from then on is zero or empty, so a message is made without looking, and thrown away.</remarks>
public abstract class FieldReader
{
    private protected FieldReader()
    {
    }

    /// <summary>A number of one byte.</summary>
    public byte U8(string name, FieldRule rule = default) => (byte)Number(name, byte.MaxValue, rule);

    /// <summary>A number of two bytes.</summary>
    public ushort U16(string name, FieldRule rule = default) => (ushort)Number(name, ushort.MaxValue, rule);

    /// <summary>A number of four bytes.</summary>
    public uint U32(string name, FieldRule rule = default) => (uint)Number(name, uint.MaxValue, rule);

    /// <summary>A number of eight bytes.</summary>
    public ulong U64(string name, FieldRule rule = default, FieldUnit unit = FieldUnit.None) => Number(name, ulong.MaxValue, rule, unit);

    /// <summary>A number of two bytes, or null when it is not there.</summary>
    public ushort? U16OrNull(string name) => (ushort?)NumberOrNull(Info(name, ushort.MaxValue), FieldRule.Optional);

    /// <summary>A number of four bytes, or null when it is not there.</summary>
    public uint? U32OrNull(string name, FieldRule rule) => (uint?)NumberOrNull(Info(name, uint.MaxValue), rule);

    /// <summary>A number some of which have names that are no enumeration's.</summary>
    public ulong Named(string name, ulong max, params IReadOnlyList<(string Name, ulong Value)> names)
    {
        var field = new FieldInfo(name, FieldForm.Symbol) { Max = max, Names = [.. names.Select(pair => pair.Name)] };
        return SymbolOrNull(field, FieldRule.Required, Find) ?? 0;

        bool Find(ReadOnlySpan<char> text, out ulong value)
        {
            foreach (var (known, number) in names)
            {
                if (!text.Equals(known, StringComparison.OrdinalIgnoreCase))
                    continue;
                value = number;
                return true;
            }

            value = 0;
            return false;
        }
    }

    /// <summary>One name of an enumeration in lower case, e.g. device-memory, or a number.</summary>
    public T Option<T>(string name, FieldRule rule = default, bool onlyNames = false)
        where T : struct, Enum => Symbol<T>(Names<T>(name, Spelling.Option) with { OnlyNames = onlyNames }, rule);

    /// <summary>The same where the field is narrower than the enumeration.</summary>
    public T Option<T>(string name, ulong max)
        where T : struct, Enum => Symbol<T>(Names<T>(name, Spelling.Option) with { Max = max }, FieldRule.Required);

    /// <summary>Names of an enumeration joined by |, or a number.</summary>
    public T Flags<T>(string name, FieldRule rule = default)
        where T : struct, Enum => Symbol<T>(Names<T>(name, Spelling.Option) with { IsFlags = true }, rule);

    /// <summary>One name of an enumeration in the protocol's spelling, e.g. INIT_FAILED, or a number.</summary>
    public T State<T>(string name, FieldRule rule = default)
        where T : struct, Enum => Symbol<T>(Names<T>(name, Spelling.State), rule);

    /// <summary>A start and a size: one value under <paramref name="label"/>, or each under its own name.</summary>
    public FieldRange Range(string label, string startName, string sizeName, FieldRule rule = default)
    {
        FieldInfo[] parts = [Info(startName, ulong.MaxValue) with { IsPart = true }, Info(sizeName, ulong.MaxValue, FieldUnit.Bytes) with { IsPart = true }];
        var whole = Info(label, ulong.MaxValue) with { Parts = parts };
        var inParts = HasPart(parts[0]) | HasPart(parts[1]);
        if (!TryTake(whole, inParts ? FieldRule.Optional : rule, out var text))
        {
            return inParts
                ? new(NumberOrNull(parts[0], FieldRule.Required) ?? 0, NumberOrNull(parts[1], FieldRule.Required) ?? 0)
                : default;
        }

        if (inParts)
            Fail(EncodeErrorKind.Repeated, whole, $"{label} says what {startName} and {sizeName} say; give it or them");
        else if (FieldText.TryRange(text, out var start, out var size))
            return new(start, size);
        else
            Fail(EncodeErrorKind.BadValue, whole, $"{label}={FieldText.Echo(text)} is no start+size");
        return default;
    }

    /// <summary>Text.</summary>
    public byte[] Text(string name, int max = RpcLimits.MaxContent)
    {
        var field = new FieldInfo(name, FieldForm.Text) { MaxLength = max };
        if (!TryTake(field, FieldRule.Required, out var text))
            return [];
        if (FieldText.TryText(text, out var bytes, out var problem))
            return Bounded(field, bytes);
        Fail(EncodeErrorKind.BadValue, field, $"{name}={FieldText.Echo(text)}: {problem}");
        return [];
    }

    /// <summary>Exactly so many bytes.</summary>
    public byte[] Bytes(string name, int length) => BytesOrNull(new FieldInfo(name, FieldForm.Bytes) { MinLength = length, MaxLength = length }, FieldRule.Required) ?? new byte[length];

    /// <summary>Bytes that may be left out.</summary>
    public byte[]? BytesOrNull(string name, FieldRule rule) => BytesOrNull(new FieldInfo(name, FieldForm.Bytes), rule);

    /// <summary>A list.</summary>
    public T[] List<T>(string name, FieldRule rule = default)
        where T : IFieldEntry<T> => ListOrNull<T>(name, rule) ?? [];

    /// <summary>A list, or null when it is not there, which differs from being empty.</summary>
    public T[]? ListOrNull<T>(string name, FieldRule rule)
        where T : IFieldEntry<T>
    {
        var field = new FieldInfo(name, FieldForm.List)
        {
            EntryForm = T.EntryForm,
            EntryFields = EntrySchema<T>.Fields,
            MaxLength = RpcLimits.MaxContent / T.LeastSize,
        };
        if (!TryTake(field, rule, out var text))
            return null;
        if (!ListText.TryParse(text, field, out var entries, out var kind, out var problem))
        {
            Fail(kind, field, $"{name}={FieldText.Echo(text)} {problem}");
            return [];
        }

        var list = new T[entries.Count];
        for (var i = 0; i < list.Length; i++)
        {
            var entry = new FieldValueReader(entries[i], EntrySchema<T>.Fields);
            list[i] = T.FromFields(entry);
            if (entry.Failure is not { } failure)
                continue;
            Fail(failure.Kind, field, $"{name} {ListText.Entry(i)}{failure.Reason}", failure.Expected);
            return [];
        }

        return list;
    }

    /// <summary>One more byte run of a list's entry, read by what another field of it says: hex or text.</summary>
    internal byte[] Data(string name, bool isHex)
    {
        var field = new FieldInfo(name, isHex ? FieldForm.Bytes : FieldForm.Text);
        if (!TryTake(field, FieldRule.Required, out var text))
            return [];
        var problem = "is not hex";
        if (isHex ? FieldText.TryHex(FieldText.WithoutRemark(Unquoted(text)), out var bytes) : FieldText.TryText(text, out bytes, out problem))
            return Bounded(field, bytes);
        Fail(EncodeErrorKind.BadValue, field, $"{name}={FieldText.Echo(text)}: {problem}");
        return [];
    }

    /// <summary>Whether one of two fields that stand for one is given. Called for both, so that a schema knows them.</summary>
    private protected abstract bool HasPart(FieldInfo part);

    /// <summary>The text of a field that is there and may be.</summary>
    private protected abstract bool TryTake(FieldInfo field, FieldRule rule, out string text);

    /// <summary>Keeps what is wrong, unless something was before.</summary>
    private protected abstract void Fail(EncodeErrorKind kind, FieldInfo field, string reason, string? expected = null);

    private delegate bool NameLookup(ReadOnlySpan<char> text, out ulong value);

    private static FieldInfo Info(string name, ulong max, FieldUnit unit = FieldUnit.None) => new(name, FieldForm.Number) { Max = max, Unit = unit };

    private static FieldInfo Names<T>(string name, Func<string, string> spelling)
        where T : struct, Enum => new(name, FieldForm.Symbol)
        {
            Max = ulong.MaxValue >> (64 - (8 * Unsafe.SizeOf<T>())),
            Names = [.. EnumNames<T>.Names.Select(spelling)],
        };

    private static string Unquoted(string text) => text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;

    private ulong Number(string name, ulong max, FieldRule rule, FieldUnit unit = FieldUnit.None) => NumberOrNull(Info(name, max, unit), rule) ?? 0;

    private ulong? NumberOrNull(FieldInfo field, FieldRule rule)
    {
        if (!TryTake(field, rule, out var text))
            return null;
        if (FieldText.TryNumber(Unquoted(text), out var value, out var overflow) && value <= field.Max)
            return value;
        var kind = overflow || value > field.Max ? EncodeErrorKind.DoesNotFit : EncodeErrorKind.BadValue;
        Fail(kind, field, $"{field.Name}={FieldText.Echo(text)} {(kind == EncodeErrorKind.DoesNotFit ? "is too large" : "is no number")}");
        return 0;
    }

    private T Symbol<T>(FieldInfo field, FieldRule rule)
        where T : struct, Enum
    {
        var value = SymbolOrNull(field, rule, EnumNames<T>.TryFind) ?? 0;
        if (field.OnlyNames && !EnumNames<T>.Has(value))
            Fail(EncodeErrorKind.BadValue, field, $"{field.Name}={MessageText.Numeral(value)} has no layout");
        // The number fits: it was compared with the field's width, which is the enumeration's or less.
        return Unsafe.As<ulong, T>(ref value);
    }

    private ulong? SymbolOrNull(FieldInfo field, FieldRule rule, NameLookup find)
    {
        if (!TryTake(field, rule, out var text))
            return null;
        var all = 0ul;
        foreach (var part in FieldText.WithoutRemark(Unquoted(text)).ToString().Split(field.IsFlags ? '|' : '\0'))
        {
            var name = part.Trim();
            ulong value = 0;
            var overflow = false;
            if (name.Length > 0 && (find(name, out value) || (FieldText.TryNumber(name, out value, out overflow) && value <= field.Max)))
            {
                all |= value;
                continue;
            }

            var kind = overflow || value > field.Max ? EncodeErrorKind.DoesNotFit : EncodeErrorKind.BadValue;
            Fail(kind, field, $"{field.Name}={FieldText.Echo(text)} {(kind == EncodeErrorKind.DoesNotFit ? "is too large" : "is no name or number of it")}");
            return 0;
        }

        return all;
    }

    private byte[]? BytesOrNull(FieldInfo field, FieldRule rule)
    {
        if (!TryTake(field, rule, out var text))
            return null;
        if (FieldText.TryHex(FieldText.WithoutRemark(Unquoted(text)), out var bytes))
            return Bounded(field, bytes);
        var cut = text.Contains("...", StringComparison.Ordinal) ? ": it was cut when it was printed" : string.Empty;
        Fail(EncodeErrorKind.BadValue, field, $"{field.Name}={FieldText.Echo(text)} is not hex{cut}");
        return new byte[field.MinLength];
    }

    private byte[] Bounded(FieldInfo field, byte[] bytes)
    {
        if (bytes.Length >= field.MinLength && bytes.Length <= field.MaxLength)
            return bytes;
        Fail(EncodeErrorKind.DoesNotFit, field, $"{field.Name} has {bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)} bytes");
        return new byte[field.MinLength];
    }

    /// <summary>What is known of an entry, kept per kind of entry.</summary>
    private static class EntrySchema<T>
        where T : IFieldEntry<T>
    {
        public static IReadOnlyList<FieldInfo> Fields { get; } = FieldSchema.Of(T.FromFields);
    }
}
