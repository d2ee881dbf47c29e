using System.Globalization;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>
/// Packets as hex, one per line: bytes with or without spaces, 0x or commas. In front may stand the direction as <c>H&gt;R</c>
/// (anything to R, the Resource Manager) or <c>R&gt;H</c>, or alone <c>&gt;</c> (to the RM) or <c>&lt;</c>. Words with = in them and everything
/// behind # are left out; a lone - is a packet without bytes. A dump with offsets, as xxd and hexdump -C make, may take several lines:
/// offset 0 begins a packet.
/// </summary>
internal sealed class HexPackets(TextReader input) : IPacketSource
{
    private const int LongestLine = 1 << 16;
    private const int LengthDigits = 7;

    private readonly char[] _line = new char[LongestLine];
    private readonly List<byte> _dump = [];
    private readonly Queue<(SourcePacket? Packet, SourceProblem? Problem)> _ready = new();
    private int _lineNumber;
    private int _dumpLine;
    private int _number;
    private bool _dumping;

    /// <inheritdoc/>
    public bool TryRead(out SourcePacket? packet, out SourceProblem? problem)
    {
        while (_ready.Count == 0 && TryReadLine(out var line, out var tooLong))
        {
            if (tooLong)
                Add(Problem("a line of more than 65536 characters"));
            else
                TakeLine(line);
        }

        if (_ready.Count == 0)
            EndDump();
        (packet, problem) = _ready.Count > 0 ? _ready.Dequeue() : default;
        return packet is not null || problem is not null;
    }

    private void TakeLine(ReadOnlySpan<char> line)
    {
        var comment = line.IndexOf('#');
        if (comment >= 0)
            line = line[..comment];
        line = line.Trim();
        if (line.IsEmpty || TryTakeDumpLine(line))
            return;
        EndDump();
        TakePacketLine(line);
    }

    private void TakePacketLine(ReadOnlySpan<char> line)
    {
        var link = "";
        var direction = CaptureDirection.Unknown;
        var bytes = new List<byte>();
        var words = 0;
        foreach (var range in line.SplitAny(' ', '\t', ','))
        {
            var word = line[range];
            if (word.IsEmpty || word.Contains('='))
                continue;
            if (words++ == 0 && TryDirection(word, ref link, ref direction))
                continue;
            if (word is "-")
                continue;
            if (!TryBytes(word, bytes))
            {
                Add(Problem($"'{Short(word)}' is not hex"));
                return;
            }
        }

        Add(new SourcePacket(++_number, Line(_lineNumber), [.. bytes]) { Link = link, Direction = direction });
    }

    /// <summary>A line that begins with an offset: <c>0010: 21 01 ...</c>, or <c>00000010  21 01 ...  |..|</c>.</summary>
    private bool TryTakeDumpLine(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        var bar = line.IndexOf('|');
        var end = colon > 0 ? colon : bar > 0 ? line.IndexOf(' ') : line.Length;
        if (end is <= 0 or > 16 || !ulong.TryParse(line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var offset))
            return false;
        if (end == line.Length)
        {
            // hexdump -C ends with the length alone; anywhere else this is a packet.
            return _dumping && line.Length >= LengthDigits && offset == (ulong)_dump.Count;
        }

        var text = (colon > 0 ? line[(end + 1)..] : line[end..bar]).Trim();
        if (colon > 0 && text.IndexOf("  ") is > 0 and var gap)
            text = text[..gap];
        if (offset == 0)
            EndDump();
        TakeDump(text, offset);
        return true;
    }

    private void TakeDump(ReadOnlySpan<char> text, ulong offset)
    {
        var bytes = new List<byte>();
        foreach (var range in text.Split(' '))
        {
            if (!text[range].IsEmpty && !TryBytes(text[range], bytes))
            {
                Add(Problem($"'{Short(text[range])}' is not hex"));
                return;
            }
        }

        if (offset != (ulong)_dump.Count)
        {
            Add(Problem(string.Create(CultureInfo.InvariantCulture, $"offset 0x{offset:x} in a dump that has reached 0x{_dump.Count:x}")));
            return;
        }

        if (_dump.Count + bytes.Count > LongestLine)
        {
            Add(Problem("a dump of more than 65536 bytes"));
            return;
        }

        if (!_dumping)
            _dumpLine = _lineNumber;
        _dumping = true;
        _dump.AddRange(bytes);
    }

    private void EndDump()
    {
        if (!_dumping)
            return;
        _dumping = false;
        Add(new SourcePacket(++_number, Line(_dumpLine), [.. _dump]));
        _dump.Clear();
    }

    private void Add(SourcePacket packet) => _ready.Enqueue((packet, null));

    private void Add(SourceProblem problem) => _ready.Enqueue((null, problem));

    private static bool TryDirection(ReadOnlySpan<char> word, ref string link, ref CaptureDirection direction)
    {
        var arrow = word.IndexOfAny('<', '>');
        if (arrow < 0)
            return false;
        var left = word[..arrow];
        var right = word[(arrow + 1)..];
        var toRight = word[arrow] == '>';
        if (left.IsEmpty && right.IsEmpty)
        {
            direction = toRight ? CaptureDirection.ToRm : CaptureDirection.FromRm;
            return true;
        }

        var rmIsRight = right is "R" or "RM";
        if (!rmIsRight && left is not ("R" or "RM"))
            return false;
        link = (rmIsRight ? left : right).ToString();
        direction = rmIsRight == toRight ? CaptureDirection.ToRm : CaptureDirection.FromRm;
        return true;
    }

    private static bool TryBytes(ReadOnlySpan<char> word, List<byte> bytes)
    {
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            word = word[2..];
        if (word.Length % 2 != 0)
            return false;
        for (var i = 0; i < word.Length; i += 2)
        {
            if (!char.IsAsciiHexDigit(word[i]) || !char.IsAsciiHexDigit(word[i + 1]))
                return false;
            bytes.Add(byte.Parse(word.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        return true;
    }

    private bool TryReadLine(out ReadOnlySpan<char> line, out bool tooLong)
    {
        line = default;
        tooLong = false;
        var length = 0;
        int c;
        while ((c = input.Read()) >= 0 && c != '\n')
        {
            if (length < _line.Length)
                _line[length++] = (char)c;
            else
                tooLong = true;
        }

        if (c < 0 && length == 0)
            return false;
        _lineNumber++;
        line = _line.AsSpan(0, length);
        return true;
    }

    private SourceProblem Problem(string reason) => new(Line(_lineNumber), reason);

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"line {number}");

    private static string Short(ReadOnlySpan<char> word)
    {
        var shown = word[..Math.Min(word.Length, 20)].ToString();
        return string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) + (word.Length > 20 ? "..." : "");
    }
}
