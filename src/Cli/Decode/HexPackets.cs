using System.Globalization;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>
/// Packets as hex, one per line: bytes with or without spaces, 0x or commas. In front may stand the direction as <c>H&gt;R</c>
/// (anything to R, the Resource Manager) or <c>R&gt;H</c>, or alone <c>&gt;</c> (to the RM) or <c>&lt;</c>. Words with = in them and everything
/// behind # are left out; a lone - is a packet without bytes. A dump with offsets, as xxd, hexdump -C and Wireshark make, may take
/// several lines: offset 0 begins a packet.
/// </summary>
internal sealed class HexPackets(TextReader input) : IPacketSource
{
    private const int LongestLine = 1 << 16;
    private const int LengthDigits = 7;
    private const int OffsetDigits = 4;
    private const int RowBytes = 16;

    private readonly char[] _line = new char[LongestLine];
    private readonly List<byte> _dump = [];
    private readonly Queue<(SourcePacket? Packet, SourceProblem? Problem)> _ready = new();
    private int _lineNumber;
    private int _dumpLine;
    private int _number;
    private bool _dumping;
    private bool _broken;
    private bool _repeats;
    private List<byte> _row = [];

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

        Add(new SourcePacket(++_number, Line(_lineNumber), [.. bytes]) { Link = link, LinkKey = link, Direction = direction });
    }

    /// <summary>
    /// A line that begins with an offset: <c>0010: 21 01 ...</c> (xxd), <c>00000010  21 01 ...  |..|</c> (hexdump -C), <c>0010  21 01 ...</c>
    /// (Wireshark). In place of lines equal to the one before, the first two write a lone *.
    /// </summary>
    private bool TryTakeDumpLine(ReadOnlySpan<char> line)
    {
        if (line is "*" && _dumping)
        {
            _repeats = true;
            return true;
        }

        var end = line.IndexOfAny(' ', '\t');
        var word = end < 0 ? line : line[..end];
        var text = end < 0 ? default : line[end..];
        var colon = word.EndsWith(":");
        if (colon)
            word = word[..^1];
        if (word.Length is 0 or > 16 || !ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var offset))
            return false;
        if (text.IsEmpty && !colon)
        {
            // hexdump -C ends with the length alone; anywhere else this is a packet.
            if (!_dumping || word.Length < LengthDigits || (offset != (ulong)_dump.Count && !_repeats && !_broken))
                return false;
            Repeat(offset);
            EndDump();
            return true;
        }

        var bar = text.IndexOf('|');
        var isDump = colon || bar >= 0 || (word.Length >= OffsetDigits && text.StartsWith("  ") && (offset == 0 || _dumping));
        if (!isDump)
            return false;
        if (offset == 0)
            EndDump();
        TakeDump(bar >= 0 && !colon ? text[..bar] : text, offset);
        return true;
    }

    private void TakeDump(ReadOnlySpan<char> text, ulong offset)
    {
        if (!_dumping)
            _dumpLine = _lineNumber;
        _dumping = true;
        if (_broken)
            return;
        Repeat(offset);
        if (offset != (ulong)_dump.Count)
            Break(string.Create(CultureInfo.InvariantCulture, $"offset 0x{offset:x} in a dump that has reached 0x{_dump.Count:x}"));
        else if (!TryRow(text, out var row, out var problem))
            Break(problem);
        else if (_dump.Count + row.Count > LongestLine)
            Break("a dump of more than 65536 bytes");
        else
        {
            _dump.AddRange(row);
            _row = row;
        }
    }

    /// <summary>Bytes of one line, up to the column of characters: what follows a gap and is not all hex, or a wide gap.</summary>
    private static bool TryRow(ReadOnlySpan<char> text, out List<byte> row, out string problem)
    {
        row = [];
        problem = "";
        for (var rest = text.Trim(); !rest.IsEmpty;)
        {
            var end = rest.IndexOf(' ');
            var word = end < 0 ? rest : rest[..end];
            if (!TryBytes(word, row))
            {
                problem = $"'{Short(word)}' is not hex";
                return false;
            }

            var behind = end < 0 ? default : rest[end..];
            rest = behind.TrimStart(' ');
            var gap = behind.Length - rest.Length;
            if (gap > 2 || (gap == 2 && (row.Count >= RowBytes || !IsHex(rest))))
                return true;
        }

        return true;
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>();
        foreach (var range in text.Split(' '))
        {
            if (!text[range].IsEmpty && !TryBytes(text[range], bytes))
                return false;
        }

        return true;
    }

    /// <summary>Fills in the lines for which a * stood.</summary>
    private void Repeat(ulong offset)
    {
        if (_repeats && _row.Count > 0)
        {
            while ((ulong)(_dump.Count + _row.Count) <= Math.Min(offset, LongestLine))
                _dump.AddRange(_row);
        }

        _repeats = false;
    }

    // The rest of a dump that is not understood is not a packet.
    private void Break(string reason)
    {
        Add(Problem(reason));
        _broken = true;
    }

    private void EndDump()
    {
        if (_dumping && !_broken)
            Add(new SourcePacket(++_number, Line(_dumpLine), [.. _dump]));
        (_dumping, _broken, _repeats) = (false, false, false);
        _dump.Clear();
        _row = [];
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
