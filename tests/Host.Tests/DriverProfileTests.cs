namespace RmStack.Host.Tests;

public class DriverProfileTests
{
    [Theory]
    [InlineData("v12", DriverProfile.V12)]
    [InlineData("V14", DriverProfile.V12)]
    [InlineData("v11", DriverProfile.V12)]
    [InlineData("android", DriverProfile.Android)]
    public void Names_are_known(string name, DriverProfile profile)
    {
        Assert.True(DriverProfiles.TryParse(name, out var parsed));
        Assert.Equal(profile, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("v13.5")]
    public void Others_are_not(string? name) => Assert.False(DriverProfiles.TryParse(name, out _));

    [Fact]
    public void Every_profile_has_a_name_that_leads_back_to_it()
    {
        foreach (var profile in Enum.GetValues<DriverProfile>())
        {
            Assert.True(DriverProfiles.TryParse(profile.Name(), out var back));
            Assert.Equal(profile, back);
        }
    }
}
