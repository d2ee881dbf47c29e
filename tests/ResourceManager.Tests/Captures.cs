namespace RmStack.ResourceManager.Tests;

/// <summary>One message-queue message of a recorded conversation between the primary VM and a real RM.</summary>
/// <param name="FromHlos">Sent by the primary VM.</param>
/// <param name="Bytes">The message.</param>
internal readonly record struct CapturedPacket(bool FromHlos, byte[] Bytes);

/// <summary>Recorded conversations.</summary>
internal static class Captures
{
    public static List<CapturedPacket> Read(string name)
    {
        var packets = new List<CapturedPacket>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", name + ".txt")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split(' ');
            if (parts[0] is not ("H>R" or "R>H")) continue;
            packets.Add(new CapturedPacket(parts[0] == "H>R", parts[1] == "-" ? [] : Convert.FromHexString(parts[1])));
        }

        return packets;
    }
}
