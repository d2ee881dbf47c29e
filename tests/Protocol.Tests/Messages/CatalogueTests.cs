using System.Text.RegularExpressions;
using FsCheck.Xunit;
using RmStack.Testing;

namespace RmStack.Protocol.Tests.Messages;

public sealed partial class CatalogueTests
{
    [Fact]
    public void The_documentation_is_what_the_catalogue_says()
    {
        var path = Repository.PathOf("docs", "MESSAGES.md");
        var page = MessageDocumentation.Write();
        if (Environment.GetEnvironmentVariable("RMSTACK_WRITE_DOCS") == "1")
            File.WriteAllText(path, page);
        Assert.True(
            File.Exists(path) && string.Equals(page, File.ReadAllText(path), StringComparison.Ordinal),
            "docs/MESSAGES.md is out of date: run RMSTACK_WRITE_DOCS=1 dotnet test tests/Protocol.Tests");
    }

    [Fact]
    public void Every_number_with_a_name_has_one_row()
    {
        var numbers = typeof(MessageNumber).GetFields().Select(field => (uint)field.GetRawConstantValue()!).Order().ToArray();
        Assert.Equal(numbers, MessageCatalogue.All.Select(row => row.Id.Value).Order());
        Assert.Equal(numbers.Length, MessageCatalogue.All.Select(row => row.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Bit_20_tells_notifications_apart()
    {
        foreach (var row in MessageCatalogue.All)
        {
            Assert.Equal(row.Id.IsNotification, row.Reply is null);
            Assert.Equal(row.Id.IsNotification, row.Sender.Length == 0);
            Assert.Equal(row.Id.IsNotification, row.Recipient.Length > 0);
        }
    }

    [Fact]
    public void Lengths_and_layouts_agree()
    {
        foreach (var shape in Shapes().Where(shape => shape is { IsFixed: true, MaxLength: > 0 }))
        {
            var sum = FieldPattern().Matches(shape.Layout).Sum(match =>
                int.Parse(match.Groups["bits"].Value, System.Globalization.CultureInfo.InvariantCulture) / 8
                * (match.Groups["count"] is { Success: true } count ? int.Parse(count.Value, System.Globalization.CultureInfo.InvariantCulture) : 1));
            Assert.True(sum == shape.MinLength, $"{shape.ViewName}: {shape.Layout} is {sum} bytes, not {shape.MinLength}");
        }
    }

    [Fact]
    public void Fixed_layouts_name_the_fields_that_are_told()
    {
        foreach (var shape in Shapes().Where(shape => shape is { IsFixed: true, MaxLength: > 0, IsOpaque: false }))
        {
            var fields = new FieldRecorder();
            Assert.Equal(DecodeStatus.Ok, shape.Describe(new byte[shape.MaxLength], fields, out _));
            var named = NamePattern().Matches(shape.Layout).Select(match => match.Groups["name"].Value).Where(name => name != "0");
            Assert.Equal(named.Order(StringComparer.Ordinal), fields.Fields.Where(field => !field.IsDerived).Select(field => field.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Zeros_of_a_length_out_of_range_are_refused()
    {
        foreach (var shape in Shapes())
        {
            for (var length = 0; length <= 64; length++)
            {
                var status = shape.Describe(new byte[length], new MessageText(), out _);
                if (length < shape.MinLength || length > shape.MaxLength)
                    Assert.True(status != DecodeStatus.Ok, $"{shape.ViewName} takes {length} bytes");
                else if (shape.IsFixed)
                    Assert.True(status == DecodeStatus.Ok, $"{shape.ViewName} refuses {length} bytes: {status}");
            }
        }
    }

    [Property(MaxTest = 200)]
    public void Arbitrary_payloads_of_every_message_print_one_line_and_never_throw(byte[] bytes, byte repeat)
    {
        var payload = Enumerable.Repeat(bytes, 1 + (repeat % 8)).SelectMany(part => part).ToArray();
        foreach (var row in MessageCatalogue.All)
        {
            foreach (var line in new[] { MessageFormatter.FormatPayload(row.Id, payload), MessageFormatter.FormatReply(row.Id, payload), MessageFormatter.FormatReply(row.Id, [0, 0, 0, 0, .. payload]) })
            {
                Assert.NotEmpty(line);
                Assert.False(line.AsSpan().ContainsAnyExceptInRange(' ', '~'), line);
            }
        }
    }

    private static IEnumerable<PayloadInfo> Shapes() =>
        MessageCatalogue.All.SelectMany(row => row.Reply is null ? [row.Content] : new[] { row.Content, row.Reply });

    [GeneratedRegex(@"\bu(?<bits>8|16|32|64)\b(\[(?<count>\d+)\])?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"\bu(8|16|32|64)(\[\d+\])? (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
