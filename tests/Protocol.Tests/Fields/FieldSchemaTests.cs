using FsCheck.Xunit;
using RmStack.Protocol.Messages;
using RmStack.Protocol.Tests.Messages;

namespace RmStack.Protocol.Tests.Fields;

/// <summary>What help and completion are told of every message of the catalogue.</summary>
public sealed class FieldSchemaTests
{
    public static TheoryData<string> Layouts => new(AllLayouts().Select(layout => layout.Name));

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Its_example_is_a_message_that_its_view_reads(string name)
    {
        var (_, id, type, error, layout) = Find(name);
        var example = MessageEncoder.Example(id, type, error);
        Assert.True(FieldValues.TryParse(example, out var values, out var syntax), syntax?.ToString());
        Assert.True(MessageEncoder.TryEncode(id, type, error, values, out var payload, out var problem), problem?.ToString());
        var told = new FieldRecorder();
        Assert.Equal(DecodeStatus.Ok, layout.Describe(payload, told, out _));
        if (!layout.IsOpaque)
            Assert.InRange(payload.Length, layout.MinLength, layout.MaxLength);
        // A field that the view does not tell would be text that goes nowhere.
        var names = told.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(values.Pairs, pair => Assert.True(
            names.Contains(pair.Key) || layout.Fields.Single(field => field.Name == pair.Key).Parts.All(part => names.Contains(part.Name)),
            pair.Key));
    }

    [Fact]
    public void Every_field_that_any_payload_tells_is_known_by_its_name_and_form()
    {
        var told = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        for (var seed = 0; seed < 64; seed++)
        {
            foreach (var row in MessageRewrites.All)
            {
                foreach (var (shape, role) in row.Shapes.SelectMany(shape => row.Roles.Select(role => (shape, role))))
                {
                    var fields = new FieldRecorder();
                    if (role.Layout.Describe(shape.Make(new([(byte)seed, 3, (byte)(seed * 7), 250]), tidy: true), fields, out _) != DecodeStatus.Ok)
                        continue;
                    Check(row.View, fields.Fields, role.Layout.Fields);
                    told.TryAdd(row.View, []);
                    told[row.View].UnionWith(fields.Fields.Select(field => field.Name));
                }
            }
        }

        // And the other way round: every field that may be given is told of some payload.
        foreach (var row in MessageRewrites.All)
        {
            var known = row.Roles[0].Layout.Fields.Where(field => field.Parts.Count == 0 && !(row.View == nameof(ErrorDetail) && field.Name == "extra"));
            Assert.Equal(known.Select(field => field.Name).Order(StringComparer.Ordinal), told[row.View].Order(StringComparer.Ordinal));
        }
    }

    [Property(MaxTest = 50)]
    public void Random_values_of_every_field_come_back(byte[] seed)
    {
        var entropy = new PayloadShape.Entropy([.. seed, 1, 2, 3, 251]);
        foreach (var (name, id, type, error, layout) in AllLayouts())
        {
            var values = new FieldValues();
            foreach (var field in layout.Fields.Where(field => field.IsRequired || (!layout.IsOpaque && entropy.Next() % 2 == 0 && field.When.Length == 0 && !field.IsPart)))
                values.Add(field.Name, Random(field, entropy));
            var encoded = MessageEncoder.TryEncode(id, type, error, values, out var payload, out var problem);
            // Fields that hang on others may not go together; and a message has an end.
            if (problem?.Kind is EncodeErrorKind.NotHere or EncodeErrorKind.Missing or EncodeErrorKind.TooLong)
                continue;
            Assert.True(encoded, problem?.ToString());
            var told = new FieldRecorder();
            if (layout.Describe(payload, told, out _) != DecodeStatus.Ok)
            {
                // What can be carried, and is refused.
                Assert.True(name is "VM_LOOKUP_NAME" or "VM_LOOKUP_URI" or "IPA_RESERVE", name);
                continue;
            }

            Assert.True(MessageEncoder.TryEncode(id, type, error, FieldValues.From(told.Fields), out var again, out problem), problem?.ToString());
            Assert.Equal(Hex.Text(payload), Hex.Text(again));
            foreach (var field in told.Fields.Where(field => field.Form == FieldForm.Number))
            {
                if (values.Pairs.SingleOrDefault(pair => pair.Key == field.Name).Value is { } text)
                    Assert.Equal(text, MessageText.Numeral(field.Value));
            }
        }
    }

    [Fact]
    public void Help_has_what_a_person_needs()
    {
        var fields = MessageEncoder.FieldsOf(MessageId.VmConfigImage, RpcMessageType.Request);
        Assert.Equal(["vmid", "auth", "parcel", "image", "image_offset", "image_size", "dtb", "dtb_offset", "dtb_size"], fields.Select(field => field.Name));
        Assert.Equal(["vmid", "auth", "parcel", "image", "dtb"], fields.Where(field => field.IsRequired).Select(field => field.Name));
        Assert.Equal(["image_offset", "image_size"], fields[3].Parts.Select(part => part.Name));
        Assert.Equal(["none", "platform", "android"], fields[1].Names);
        Assert.Equal("one of none, platform, android, or a number up to 0xffff", fields[1].Allowed);
        Assert.Equal("vmid=0x80 auth=platform parcel=1 image=0+0x1f0000 dtb=0x1f0000+0x10000", MessageEncoder.Example(MessageId.VmConfigImage, RpcMessageType.Request));
        Assert.Equal("parcel=1 flags=shared tag=1 vmids=[0x80]", MessageEncoder.Example(MessageId.MemNotify, RpcMessageType.Request));
        Assert.Equal("kind=fixed ranges=[0x41000000+0x200000]", MessageEncoder.Example(MessageId.IpaReserve, RpcMessageType.Request));
        Assert.Equal("", MessageEncoder.Example(MessageId.VmGetVmid, RpcMessageType.Request));
        Assert.Equal("ids=[guid=00112233-4455-6677-8899-aabbccddeeff]", MessageEncoder.Example(MessageId.VmGetId, RpcMessageType.Reply));
        Assert.Equal("kind=allocate", MessageEncoder.FieldsOf(MessageId.IpaReserve, RpcMessageType.Request).Single(field => field.Name == "allocations").When);
    }

    [Fact]
    public void Messages_are_found_by_name_or_number()
    {
        Assert.True(MessageId.TryParse("mem_lend", out var id));
        Assert.Equal(MessageId.MemLend, id);
        Assert.True(MessageId.TryParse("0x51000012", out id));
        Assert.Equal(MessageId.MemLend, id);
        Assert.True(MessageId.TryParse("7", out id));
        Assert.Equal(7u, id.Value);
        Assert.False(MessageId.TryParse("MEM_LENT", out _));
        Assert.False(MessageId.TryParse("0x100000000", out _));
        Assert.False(MessageId.TryParse("", out _));
    }

    private static void Check(string view, IReadOnlyList<MessageField> told, IReadOnlyList<FieldInfo> known)
    {
        foreach (var field in told)
        {
            var info = known.SingleOrDefault(info => info.Name == field.Name);
            Assert.True(info is not null, $"{view} tells {field.Name}, and cannot be made from it");
            // The data of an identity is bytes or text, by its type; a number may be made from a name that it has in an entry's short form.
            Assert.True(info.Form == field.Form || field.Name == "data" || (field.Form, info.Form) == (FieldForm.Number, FieldForm.Symbol), $"{view}.{field.Name} is told as {field.Form} and made from {info.Form}");
            if (field.Form == FieldForm.Number)
                Assert.Equal(info.Unit, field.Unit);
            foreach (var entry in field.Entries)
                Check(view + "." + field.Name, entry, info.EntryFields);
        }
    }

    private static string Random(FieldInfo field, PayloadShape.Entropy entropy)
    {
        if (field.Parts.Count > 0)
            return Number(field, entropy) + "+" + Number(field, entropy);
        return field.Form switch
        {
            FieldForm.Symbol when field.OnlyNames || entropy.Next() % 2 == 0 => field.Names[entropy.Next() % field.Names.Count],
            FieldForm.Symbol or FieldForm.Number => Number(field, entropy),
            FieldForm.Text => MessageText.Quote(entropy.Bytes(Math.Min(field.MaxLength, entropy.Count()))),
            FieldForm.Bytes => Convert.ToHexStringLower(entropy.Bytes(field.MinLength > 0 ? field.MinLength : entropy.Count())),
            _ => "[" + string.Join(' ', Enumerable.Range(0, entropy.Count()).Select(_ => Entry(field, entropy))) + "]",
        };
    }

    private static string Entry(FieldInfo list, PayloadShape.Entropy entropy)
    {
        var fields = list.EntryFields.Where(field => !field.IsPart && (field.IsRequired || entropy.Next() % 2 == 0));
        return "{" + string.Join(' ', fields.Select(field => field.Name + "=" + (field is { Name: "data" } ? "00ff" : Random(field, entropy)))) + "}";
    }

    private static string Number(FieldInfo field, PayloadShape.Entropy entropy) => MessageText.Numeral(BitConverter.ToUInt64(entropy.Field(sizeof(ulong))) & field.Max);

    private static (string Name, MessageId Id, RpcMessageType Type, RmError Error, PayloadInfo Layout) Find(string name) => AllLayouts().Single(layout => layout.Name == name);

    private static IEnumerable<(string Name, MessageId Id, RpcMessageType Type, RmError Error, PayloadInfo Layout)> AllLayouts()
    {
        foreach (var row in MessageCatalogue.All)
        {
            yield return (row.Name, row.Id, row.Reply is null ? RpcMessageType.Notification : RpcMessageType.Request, RmError.Ok, row.Content);
            if (row.Reply is null)
                continue;
            yield return (row.Name + " reply", row.Id, RpcMessageType.Reply, RmError.Ok, row.Reply);
            yield return (row.Name + " error", row.Id, RpcMessageType.Reply, RmError.Denied, MessageCatalogue.LayoutOf(row.Id, RpcMessageType.Reply, RmError.Denied));
        }
    }
}
