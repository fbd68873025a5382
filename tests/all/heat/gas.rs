//! Gas sensors: the worked numbers.

use hearthlight::heat::gas::{AirQuality, ChannelMeaning, GasProfile, Ppm, percent, profiles};

fn profile(name: &str) -> GasProfile {
    profiles().iter().find(|profile| profile.name == name).expect("a profile of that name").clone()
}

fn near(got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within, "{got}, not {want}");
}

#[test]
fn counts_in_percent() {
    for (adc, want) in
        [(274.0, 6.69), (592.0, 14.46), (894.0, 21.83), (1024.0, 25.01), (1310.0, 31.99), (4095.0, 100.0)]
    {
        near(percent(adc, 12), want, 0.005);
    }
    near(percent(1023.0, 10), 100.0, 1e-9);
}

#[test]
fn channels_mean_what_the_boards_wire_to_them() {
    assert_eq!(ChannelMeaning::of("ADC1"), ChannelMeaning::Smoke);
    assert_eq!(ChannelMeaning::of("ADC2"), ChannelMeaning::Flame);
    assert_eq!(ChannelMeaning::of("ADC3"), ChannelMeaning::Spare);
    assert_eq!(ChannelMeaning::of("DIO"), ChannelMeaning::FlameDigital);
    assert_eq!(ChannelMeaning::of("MPY30"), ChannelMeaning::FlameDigital);
    assert_eq!(ChannelMeaning::of("PT100"), ChannelMeaning::Plain);
    assert!(ChannelMeaning::Smoke.is_analogue() && !ChannelMeaning::FlameDigital.is_analogue());
}

#[test]
fn mq_135_with_a_ten_bit_converter() {
    let co2 = GasProfile { adc_bits: 10, ..profile("MQ-135 CO2") };
    near(co2.resistance(400.0), 15.600, 0.000_5);
    near(co2.resistance(400.0) / 76.63, 0.203_58, 0.000_005);
    let Ppm::At(ppm) = co2.ppm(400.0, Some(76.63)) else { panic!("R0 is given") };
    near(ppm, 9569.0, 1.0);
    near(co2.clean_air_r0(400.0).expect("a signal"), 4.333, 0.000_5);
}

#[test]
fn mq_135_with_a_twelve_bit_converter() {
    let ppm = |name: &str, adc: f64| match profile(name).ppm(adc, Some(76.63)) {
        Ppm::At(ppm) => ppm,
        Ppm::Uncalibrated => panic!("R0 is given"),
    };
    near(profile("MQ-135 CO2").resistance(592.0), 59.189, 0.000_5);
    near(profile("MQ-135 CO2").resistance(592.0) / 76.63, 0.7724, 0.000_05);
    near(ppm("MQ-135 CO2", 592.0), 238.4, 0.05);
    near(ppm("MQ-135 CO", 592.0), 1672.8, 0.5);
    near(ppm("MQ-135 ammonia", 592.0), 193.6, 0.05);
    near(profile("MQ-135 CO2").resistance(274.0), 139.489, 0.000_5);
    near(ppm("MQ-135 CO2", 274.0), 22.2, 0.05);
}

#[test]
fn no_ppm_without_clean_air() {
    let co2 = profile("MQ-135 CO2");
    for r0 in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(f64::INFINITY)] {
        assert_eq!(co2.ppm(592.0, r0), Ppm::Uncalibrated);
    }
}

#[test]
fn the_ends_of_the_converter_are_harmless() {
    let co2 = profile("MQ-135 CO2");
    assert_eq!(co2.resistance(0.0), f64::INFINITY);
    assert_eq!(co2.resistance(f64::NAN), f64::INFINITY);
    assert_eq!(co2.resistance(4096.0), 0.1);
    assert_eq!(co2.clean_air_r0(0.0), None);
    assert_eq!(co2.ppm(0.0, Some(4.3)), Ppm::At(0.0));
}

#[test]
fn every_profile_reads_its_own_clean_air_back() {
    for profile in profiles() {
        let r0 = profile.clean_air_r0(500.0).expect("a signal");
        near(profile.resistance(500.0) / r0, profile.clean_ratio, 1e-9);
        let (Ppm::At(less), Ppm::At(more)) = (profile.ppm(500.0, Some(r0)), profile.ppm(2000.0, Some(r0))) else {
            panic!("R0 is given")
        };
        assert!(more > less, "{}: more gas, more signal", profile.name);
    }
}

#[test]
fn profiles_survive_settings() {
    let text = serde_json::to_string(profiles()).expect("text");
    assert_eq!(serde_json::from_str::<Vec<GasProfile>>(&text).expect("profiles"), profiles());
}

#[test]
fn air_by_carbon_dioxide() {
    let words = [(399.9, "Excellent"), (400.0, "Good"), (600.0, "Moderate"), (1000.0, "Poor"), (1500.0, "Unhealthy")];
    for (index, (ppm, word)) in words.into_iter().enumerate() {
        let quality = AirQuality::of_co2(ppm);
        assert_eq!((usize::from(quality.index()), quality.name()), (index, word));
    }
    assert_eq!(AirQuality::of_co2(2000.0).index(), 5);
    assert_eq!(AirQuality::of_co2(f64::NAN), AirQuality::Hazardous);
}
