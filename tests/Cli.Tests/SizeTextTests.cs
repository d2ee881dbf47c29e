namespace RmStack.Cli.Tests;

public class SizeTextTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("4096", 4096UL)]
    [InlineData("4k", 4096UL)]
    [InlineData("2M", 2097152UL)]
    [InlineData("3G", 3221225472UL)]
    [InlineData("0x1000", 4096UL)]
    public void Sizes_are_read(string text, ulong size)
    {
        Assert.True(SizeText.TryParse(text, out var read));
        Assert.Equal(size, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1.5M")]
    [InlineData("0x")]
    [InlineData("17179869184G")]
    [InlineData("18446744073709551616")]
    public void Other_texts_are_not(string? text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData(0UL, "0 bytes")]
    [InlineData(2097152UL, "2 MiB")]
    [InlineData(4097UL, "4097 bytes")]
    public void Sizes_are_written(ulong size, string text) => Assert.Equal(text, SizeText.Format(size));
}
