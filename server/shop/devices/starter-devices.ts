/** Common devices that are no phones, brand by brand. Facts alone, in our own words and order. */

export const LAPTOPS = {
  Apple: `
    MacBook 12-inch (2015), MacBook 12-inch (2016), MacBook 12-inch (2017), MacBook Air 11-inch (2011),
    MacBook Air 11-inch (2012), MacBook Air 11-inch (2013), MacBook Air 11-inch (2014), MacBook Air 11-inch (2015),
    MacBook Air 13-inch (2011), MacBook Air 13-inch (2012), MacBook Air 13-inch (2013), MacBook Air 13-inch (2014),
    MacBook Air 13-inch (2015), MacBook Air 13-inch (2017), MacBook Air 13-inch (2018), MacBook Air 13-inch (2019),
    MacBook Air 13-inch (2020), MacBook Air 13-inch (M1), MacBook Air 13-inch (M2), MacBook Air 15-inch (M2),
    MacBook Air 13-inch (M3), MacBook Air 15-inch (M3), MacBook Air 13-inch (M4), MacBook Air 15-inch (M4),
    MacBook Pro 13-inch (2011), MacBook Pro 13-inch (2012), MacBook Pro 13-inch (2013), MacBook Pro 13-inch (2014),
    MacBook Pro 13-inch (2015), MacBook Pro 13-inch (2016), MacBook Pro 13-inch (2017), MacBook Pro 13-inch (2018),
    MacBook Pro 13-inch (2019), MacBook Pro 13-inch (2020), MacBook Pro 13-inch (M1), MacBook Pro 13-inch (M2),
    MacBook Pro 14-inch (2021), MacBook Pro 14-inch (2023), MacBook Pro 14-inch (M3), MacBook Pro 14-inch (M4),
    MacBook Pro 15-inch (2011), MacBook Pro 15-inch (2012), MacBook Pro 15-inch (2013), MacBook Pro 15-inch (2014),
    MacBook Pro 15-inch (2015), MacBook Pro 15-inch (2016), MacBook Pro 15-inch (2017), MacBook Pro 15-inch (2018),
    MacBook Pro 15-inch (2019), MacBook Pro 16-inch (2019), MacBook Pro 16-inch (2021), MacBook Pro 16-inch (2023),
    MacBook Pro 16-inch (M3), MacBook Pro 16-inch (M4)`,
  Lenovo: `
    ThinkPad E14, ThinkPad E15, ThinkPad E16, ThinkPad E470, ThinkPad E480, ThinkPad E490, ThinkPad E570, ThinkPad E580,
    ThinkPad E590, ThinkPad L13, ThinkPad L14, ThinkPad L15, ThinkPad L380, ThinkPad L390, ThinkPad L470, ThinkPad L480,
    ThinkPad L490, ThinkPad L580, ThinkPad L590, ThinkPad P1, ThinkPad P14s, ThinkPad P15, ThinkPad P16, ThinkPad P51,
    ThinkPad P52, ThinkPad T14, ThinkPad T14s, ThinkPad T15, ThinkPad T16, ThinkPad T430, ThinkPad T440, ThinkPad T440p,
    ThinkPad T450s, ThinkPad T460, ThinkPad T460s, ThinkPad T470, ThinkPad T470s, ThinkPad T480, ThinkPad T480s,
    ThinkPad T490, ThinkPad T490s, ThinkPad T495, ThinkPad T540p, ThinkPad T570, ThinkPad T580, ThinkPad X1 Carbon,
    ThinkPad X1 Extreme, ThinkPad X1 Nano, ThinkPad X1 Yoga, ThinkPad X13, ThinkPad X13s, ThinkPad X230, ThinkPad X260,
    ThinkPad X270, ThinkPad X280, ThinkBook 13s, ThinkBook 14, ThinkBook 14s, ThinkBook 15, ThinkBook 16, ThinkBook Plus,
    IdeaPad 1 14, IdeaPad 1 15, IdeaPad 3 14, IdeaPad 3 15, IdeaPad 3 17, IdeaPad 5 14, IdeaPad 5 15, IdeaPad 5 Pro 14,
    IdeaPad 5 Pro 16, IdeaPad 120S-11, IdeaPad 320-15, IdeaPad 330-15, IdeaPad 330S-14, IdeaPad C340-14, IdeaPad Duet 5,
    IdeaPad Flex 3, IdeaPad Flex 5 14, IdeaPad Flex 5 15, IdeaPad Gaming 3 15, IdeaPad L340-15, IdeaPad S130-11,
    IdeaPad S145-14, IdeaPad S145-15, IdeaPad S340-14, IdeaPad S540-14, IdeaPad S540-15, IdeaPad Slim 3 15,
    IdeaPad Slim 5 14, IdeaPad Slim 5 16, Legion 5 15, Legion 5 Pro 16, Legion Pro 5 16, Legion Slim 5 16, Legion Y530-15,
    Legion Y540-15, Yoga 530-14, Yoga 6 13, Yoga 7 14, Yoga 7 16, Yoga 9 14, Yoga 920-13, Yoga Book, Yoga C740-14,
    Yoga C930, Yoga C940-14, Yoga Slim 7 13, Yoga Slim 7 14, Yoga Slim 7 Pro 14, Chromebook C330, Chromebook S330,
    Chromebook S340, Chromebook Duet, V14, V15, V17`,
  Dell: `
    Latitude 3500, Latitude 3510, Latitude 3520, Latitude 3530, Latitude 3540, Latitude 3590, Latitude 5300, Latitude 5310,
    Latitude 5320, Latitude 5330, Latitude 5400, Latitude 5410, Latitude 5420, Latitude 5430, Latitude 5440, Latitude 5450,
    Latitude 5480, Latitude 5490, Latitude 5500, Latitude 5510, Latitude 5520, Latitude 5530, Latitude 5540, Latitude 5550,
    Latitude 5580, Latitude 5590, Latitude 7280, Latitude 7290, Latitude 7300, Latitude 7310, Latitude 7320, Latitude 7330,
    Latitude 7340, Latitude 7350, Latitude 7390, Latitude 7400, Latitude 7410, Latitude 7420, Latitude 7430, Latitude 7440,
    Latitude 7450, Latitude 7480, Latitude 7490, Latitude 9420, Latitude E5440, Latitude E5450, Latitude E5470,
    Latitude E5540, Latitude E5550, Latitude E5570, Latitude E6420, Latitude E6430, Latitude E6440, Latitude E7250,
    Latitude E7270, Latitude E7440, Latitude E7470, XPS 13 9350, XPS 13 9360, XPS 13 9370, XPS 13 9380, XPS 13 7390,
    XPS 13 9300, XPS 13 9310, XPS 13 9315, XPS 13 9320, XPS 13 9340, XPS 15 9530, XPS 15 9550, XPS 15 9560, XPS 15 9570,
    XPS 15 7590, XPS 15 9500, XPS 15 9510, XPS 15 9520, XPS 17 9700, XPS 17 9710, XPS 17 9720, XPS 17 9730,
    Inspiron 13 7000, Inspiron 14 3000, Inspiron 14 5000, Inspiron 14 7000, Inspiron 15 3000, Inspiron 15 3511,
    Inspiron 15 3520, Inspiron 15 3558, Inspiron 15 3567, Inspiron 15 3580, Inspiron 15 5000, Inspiron 15 5567,
    Inspiron 15 5570, Inspiron 15 7000, Inspiron 15 7577, Inspiron 16 5000, Inspiron 16 7000, Inspiron 17 3000,
    Precision 3550, Precision 3560, Precision 3570, Precision 5520, Precision 5530, Precision 5540, Precision 5550,
    Precision 5560, Precision 5570, Precision 7530, Precision 7540, Precision 7550, Precision 7560, Vostro 15 3000,
    Vostro 15 3510, G3 15, G5 15, G7 15, G15, G16, Chromebook 11, Chromebook 3100`,
  HP: `
    EliteBook 820 G3, EliteBook 820 G4, EliteBook 830 G5, EliteBook 830 G6, EliteBook 830 G7, EliteBook 830 G8,
    EliteBook 830 G9, EliteBook 840 G2, EliteBook 840 G3, EliteBook 840 G4, EliteBook 840 G5, EliteBook 840 G6,
    EliteBook 840 G7, EliteBook 840 G8, EliteBook 840 G9, EliteBook 840 G10, EliteBook 845 G8, EliteBook 850 G3,
    EliteBook 850 G4, EliteBook 850 G5, EliteBook 850 G6, EliteBook 850 G7, EliteBook 850 G8, EliteBook x360 1030 G3,
    EliteBook x360 1030 G4, EliteBook x360 1040 G5, EliteBook x360 1040 G6, EliteBook x360 1040 G7, EliteBook x360 1040 G8,
    ProBook 430 G5, ProBook 430 G6, ProBook 430 G7, ProBook 430 G8, ProBook 440 G5, ProBook 440 G6, ProBook 440 G7,
    ProBook 440 G8, ProBook 440 G9, ProBook 445 G8, ProBook 450 G3, ProBook 450 G4, ProBook 450 G5, ProBook 450 G6,
    ProBook 450 G7, ProBook 450 G8, ProBook 450 G9, ProBook 455 G8, ProBook 455 G9, ProBook 640 G4, ProBook 640 G5,
    ProBook 640 G8, ProBook 650 G4, ProBook 650 G5, ProBook 650 G8, ZBook Firefly 14 G7, ZBook Firefly 14 G8,
    ZBook Fury 15 G7, ZBook Fury 15 G8, ZBook Power G8, ZBook Studio G7, ZBook Studio G8, 250 G7, 250 G8, 250 G9, 255 G7,
    255 G8, 255 G9, Pavilion 13, Pavilion 14, Pavilion 15, Pavilion 17, Pavilion Aero 13, Pavilion Gaming 15,
    Pavilion x360 11, Pavilion x360 14, Pavilion x360 15, Envy 13, Envy 14, Envy 15, Envy 16, Envy 17, Envy x360 13,
    Envy x360 14, Envy x360 15, Spectre x360 13, Spectre x360 14, Spectre x360 15, Spectre x360 16, Omen 15, Omen 16,
    Omen 17, Victus 15, Victus 16, Stream 11, Stream 13, Stream 14, Laptop 14, Laptop 15, Laptop 17, Laptop 14s,
    Laptop 15s, Chromebook 14, Chromebook 14a, Chromebook x360 14c`,
  Asus: `
    VivoBook 14 X412, VivoBook 14 X415, VivoBook 15 X512, VivoBook 15 X515, VivoBook 17 X705, VivoBook Flip 14,
    VivoBook Go 14, VivoBook Go 15, VivoBook Pro 14, VivoBook Pro 15, VivoBook Pro 16, VivoBook S14, VivoBook S15,
    VivoBook S16, ZenBook 13 UX325, ZenBook 13 UX331, ZenBook 14 UX425, ZenBook 14 UX431, ZenBook 14 UX434,
    ZenBook 14 OLED, ZenBook 15 UX534, ZenBook Duo 14, ZenBook Duo 15, ZenBook Flip 13, ZenBook Flip 14, ZenBook Flip 15,
    ZenBook Pro 14, ZenBook Pro 15, ZenBook Pro 16, ZenBook S 13, ZenBook UX430, ROG Strix G15, ROG Strix G16,
    ROG Strix G17, ROG Strix G18, ROG Zephyrus G14, ROG Zephyrus G15, ROG Zephyrus G16, ROG Zephyrus M16, ROG Flow Z13,
    TUF Gaming A15, TUF Gaming A16, TUF Gaming F15, ExpertBook B1, ExpertBook B3, ExpertBook B5, ExpertBook B9,
    Chromebook C223, Chromebook C423, Chromebook C523, Chromebook CX1, Chromebook Flip C434, Chromebook Flip CX5`,
  Acer: `
    Aspire 1, Aspire 3 A314, Aspire 3 A315, Aspire 5 A514, Aspire 5 A515, Aspire 7 A715, Aspire 7 A717, Aspire E1-571,
    Aspire E5-571, Aspire E5-573, Aspire E5-575, Aspire E15, Aspire Vero, Swift 1, Swift 3 SF313, Swift 3 SF314,
    Swift 3 SF315, Swift 5 SF514, Swift Edge, Swift Go 14, Swift Go 16, Swift X 14, Spin 3, Spin 5, Nitro 5 AN515,
    Nitro 16, Predator Helios 300, Predator Helios 16, Predator Helios 18, Chromebook 311, Chromebook 314, Chromebook 315,
    Chromebook Spin 311, Chromebook Spin 513`,
  Microsoft: `
    Surface Laptop, Surface Laptop 2, Surface Laptop 3 13.5-inch, Surface Laptop 3 15-inch, Surface Laptop 4 13.5-inch,
    Surface Laptop 4 15-inch, Surface Laptop 5 13.5-inch, Surface Laptop 5 15-inch, Surface Laptop 6 13.5-inch,
    Surface Laptop 6 15-inch, Surface Laptop 7 13.8-inch, Surface Laptop 7 15-inch, Surface Laptop Go, Surface Laptop Go 2,
    Surface Laptop Go 3, Surface Laptop SE, Surface Laptop Studio, Surface Laptop Studio 2, Surface Book,
    Surface Book 2 13.5-inch, Surface Book 2 15-inch, Surface Book 3 13.5-inch, Surface Book 3 15-inch`,
  Samsung: `
    Galaxy Book, Galaxy Book2, Galaxy Book2 Pro, Galaxy Book3, Galaxy Book3 Pro, Galaxy Book3 Ultra, Galaxy Book4,
    Galaxy Book4 Pro, Galaxy Book4 Ultra, Chromebook 4`,
  MSI: `
    Bravo 15, Cyborg 15, GE66 Raider, GF63 Thin, GF65 Thin, GF75 Thin, GS65 Stealth, GS66 Stealth, Katana GF66, Katana 15,
    Modern 14, Modern 15, Prestige 14, Prestige 15, Sword 15`,
  Huawei: `
    MateBook 13, MateBook 14, MateBook 14s, MateBook 16, MateBook 16s, MateBook D 14, MateBook D 15, MateBook D 16,
    MateBook X, MateBook X Pro`,
  Honor: 'MagicBook 14, MagicBook 15, MagicBook 16, MagicBook Pro',
  Toshiba: `
    Portégé Z30, Satellite C50, Satellite C55, Satellite C850, Satellite C855, Satellite L50, Satellite L750,
    Satellite L850, Satellite Pro A50, Tecra A50, Tecra X40, Tecra Z50`,
  Fujitsu: `
    Lifebook A357, Lifebook A544, Lifebook A555, Lifebook AH532, Lifebook E544, Lifebook E554, Lifebook E744,
    Lifebook E746, Lifebook S710, Lifebook U747, Lifebook U757, Lifebook U937`,
  Sony: `
    VAIO E Series, VAIO F Series, VAIO Fit 13, VAIO Fit 14, VAIO Fit 15, VAIO Pro 11, VAIO Pro 13, VAIO S Series,
    VAIO Z Series`,
  Google: 'Pixelbook, Pixelbook Go',
  Razer: 'Blade 14, Blade 15, Blade 16, Blade 17, Blade 18, Blade Stealth 13',
  LG: 'gram 13, gram 14, gram 15, gram 16, gram 17',
}

export const TABLETS = {
  Apple: `
    iPad, iPad 2, iPad (3rd generation), iPad (4th generation), iPad (5th generation), iPad (6th generation),
    iPad (7th generation), iPad (8th generation), iPad (9th generation), iPad (10th generation), iPad (A16), iPad Air,
    iPad Air 2, iPad Air (3rd generation), iPad Air (4th generation), iPad Air (5th generation), iPad Air 11-inch (M2),
    iPad Air 13-inch (M2), iPad Air 11-inch (M3), iPad Air 13-inch (M3), iPad mini, iPad mini 2, iPad mini 3, iPad mini 4,
    iPad mini (5th generation), iPad mini (6th generation), iPad mini (A17 Pro), iPad Pro 9.7-inch, iPad Pro 10.5-inch,
    iPad Pro 11-inch (1st generation), iPad Pro 11-inch (2nd generation), iPad Pro 11-inch (3rd generation),
    iPad Pro 11-inch (4th generation), iPad Pro 11-inch (M4), iPad Pro 12.9-inch (1st generation),
    iPad Pro 12.9-inch (2nd generation), iPad Pro 12.9-inch (3rd generation), iPad Pro 12.9-inch (4th generation),
    iPad Pro 12.9-inch (5th generation), iPad Pro 12.9-inch (6th generation), iPad Pro 13-inch (M4)`,
  Samsung: `
    Galaxy Tab A 8.0, Galaxy Tab A 9.7, Galaxy Tab A 10.1, Galaxy Tab A 10.5, Galaxy Tab A7, Galaxy Tab A7 Lite,
    Galaxy Tab A8, Galaxy Tab A9, Galaxy Tab A9+, Galaxy Tab Active, Galaxy Tab Active Pro, Galaxy Tab Active2,
    Galaxy Tab Active3, Galaxy Tab Active5, Galaxy Tab E 8.0, Galaxy Tab E 9.6, Galaxy Tab S2 8.0, Galaxy Tab S2 9.7,
    Galaxy Tab S3, Galaxy Tab S4, Galaxy Tab S5e, Galaxy Tab S6, Galaxy Tab S6 Lite, Galaxy Tab S7, Galaxy Tab S7+,
    Galaxy Tab S7 FE, Galaxy Tab S8, Galaxy Tab S8+, Galaxy Tab S8 Ultra, Galaxy Tab S9, Galaxy Tab S9+,
    Galaxy Tab S9 Ultra, Galaxy Tab S9 FE, Galaxy Tab S9 FE+, Galaxy Tab S10+, Galaxy Tab S10 Ultra`,
  Amazon: `
    Fire 7, Fire 7 (2017), Fire 7 (2019), Fire 7 (2022), Fire HD 8 (2017), Fire HD 8 (2018), Fire HD 8 (2020),
    Fire HD 8 (2022), Fire HD 8 Plus, Fire HD 10 (2017), Fire HD 10 (2019), Fire HD 10 (2021), Fire HD 10 (2023),
    Fire HD 10 Plus, Fire Max 11`,
  Lenovo: `
    Tab E10, Tab M7, Tab M7 (3rd Gen), Tab M8, Tab M8 (3rd Gen), Tab M8 (4th Gen), Tab M9, Tab M10 (HD), Tab M10 (FHD),
    Tab M10 HD (2nd Gen), Tab M10 FHD Plus, Tab M10 (3rd Gen), Tab M10 Plus (3rd Gen), Tab M11, Tab P10, Tab P11,
    Tab P11 (2nd Gen), Tab P11 Plus, Tab P11 Pro, Tab P11 Pro (2nd Gen), Tab P12, Tab P12 Pro, Yoga Tab 11, Yoga Tab 13,
    Yoga Smart Tab`,
  Huawei: `
    MatePad, MatePad 10.4, MatePad 11, MatePad 11.5, MatePad Pro, MatePad Pro 11, MatePad Pro 12.6, MatePad SE, MatePad T8,
    MatePad T10, MatePad T10s, MediaPad M3, MediaPad M3 Lite 10, MediaPad M5 8.4, MediaPad M5 10.8, MediaPad M5 Pro,
    MediaPad M5 Lite, MediaPad M6, MediaPad T3 7, MediaPad T3 10, MediaPad T5`,
  Microsoft: `
    Surface 3, Surface Pro 3, Surface Pro 4, Surface Pro (5th Gen), Surface Pro 6, Surface Pro 7, Surface Pro 7+,
    Surface Pro 8, Surface Pro 9, Surface Pro 10, Surface Pro 11, Surface Pro X, Surface Go, Surface Go 2, Surface Go 3,
    Surface Go 4`,
  Google: 'Nexus 7 (2012), Nexus 7 (2013), Nexus 9, Nexus 10, Pixel C, Pixel Slate, Pixel Tablet',
  Xiaomi: 'Mi Pad 4, Pad 5, Pad 5 Pro, Pad 6, Pad 6 Pro, Pad 7, Pad 7 Pro, Redmi Pad, Redmi Pad SE, Redmi Pad Pro',
  Asus: 'ZenPad 7.0, ZenPad 8.0, ZenPad 10, ZenPad 3 8.0, ZenPad 3S 10',
  Sony: 'Xperia Z2 Tablet, Xperia Z3 Tablet Compact, Xperia Z4 Tablet',
  Acer: 'Iconia One 7, Iconia One 8, Iconia One 10, Iconia Tab P10, Switch 5',
  Nokia: 'T10, T20, T21',
  Honor: 'Pad 8, Pad 9, Pad X8, Pad X8 Lite, Pad X9',
  realme: 'Pad, Pad 2, Pad Mini, Pad X',
  OnePlus: 'Pad, Pad 2, Pad Go',
}

export const DESKTOPS = {
  Apple: `
    iMac 20-inch, iMac 21.5-inch, iMac 21.5-inch (Retina 4K), iMac 24-inch (M1), iMac 24-inch (M3), iMac 24-inch (M4),
    iMac 27-inch, iMac 27-inch (Retina 5K), iMac Pro, Mac mini (2012), Mac mini (2014), Mac mini (2018), Mac mini (M1),
    Mac mini (M2), Mac mini (M4), Mac Pro (2010), Mac Pro (2013), Mac Pro (2019), Mac Studio`,
  Dell: `
    OptiPlex 3040, OptiPlex 3050, OptiPlex 3060, OptiPlex 3070, OptiPlex 3080, OptiPlex 3090, OptiPlex 5050, OptiPlex 5060,
    OptiPlex 5070, OptiPlex 5080, OptiPlex 5090, OptiPlex 7000, OptiPlex 7040, OptiPlex 7050, OptiPlex 7060, OptiPlex 7070,
    OptiPlex 7080, OptiPlex 7090, OptiPlex 9010, OptiPlex 9020, XPS 8940, Precision 3630, Precision 3640, Precision 3650,
    Inspiron 3670, Inspiron 3880`,
  HP: `
    EliteDesk 705 G4, EliteDesk 705 G5, EliteDesk 800 G1, EliteDesk 800 G2, EliteDesk 800 G3, EliteDesk 800 G4,
    EliteDesk 800 G5, EliteDesk 800 G6, ProDesk 400 G5, ProDesk 400 G6, ProDesk 400 G7, ProDesk 600 G2, ProDesk 600 G3,
    ProDesk 600 G4, ProDesk 600 G5, ProDesk 600 G6, Omen 25L, Omen 30L, Pavilion Gaming TG01, Pavilion All-in-One 24,
    Envy 34 All-in-One`,
  Lenovo: `
    ThinkCentre M70q, ThinkCentre M70s, ThinkCentre M75q, ThinkCentre M75s, ThinkCentre M80q, ThinkCentre M80s,
    ThinkCentre M90q, ThinkCentre M90s, ThinkCentre M700, ThinkCentre M710q, ThinkCentre M715q, ThinkCentre M720q,
    ThinkCentre M900, ThinkCentre M910q, ThinkCentre M920q, ThinkCentre M920s, ThinkCentre M920x, ThinkStation P320,
    ThinkStation P330, ThinkStation P520, IdeaCentre 3, IdeaCentre 5, IdeaCentre AIO 3 22, IdeaCentre AIO 3 24,
    IdeaCentre AIO 3 27, IdeaCentre AIO 5 24, IdeaCentre AIO 5 27, IdeaCentre Gaming 5, Legion T5, Legion T7`,
  Fujitsu: `
    Esprimo D556, Esprimo D738, Esprimo E720, Esprimo E920, Esprimo P420, Esprimo P556, Esprimo P720, Esprimo P757,
    Esprimo P920, Esprimo Q556, Esprimo Q920`,
  Intel: 'NUC 7, NUC 8, NUC 10, NUC 11, NUC 12, NUC 13',
  'Raspberry Pi': '1 Model B, 2 Model B, 3 Model B, 3 Model B+, 4 Model B, 5, 400, Zero, Zero 2 W',
}

export const CONSOLES = {
  Sony: `
    PlayStation 2, PlayStation 3, PlayStation 3 Slim, PlayStation 3 Super Slim, PlayStation 4, PlayStation 4 Slim,
    PlayStation 4 Pro, PlayStation 5, PlayStation 5 Digital Edition, PlayStation 5 Slim, PlayStation 5 Pro,
    PlayStation Portable, PlayStation Portal, PlayStation Vita, DualShock 4, DualSense`,
  Microsoft: `
    Xbox, Xbox 360, Xbox 360 S, Xbox 360 E, Xbox One, Xbox One S, Xbox One X, Xbox Series S, Xbox Series X,
    Xbox Wireless Controller, Xbox Elite Wireless Controller Series 2`,
  Nintendo: `
    Game Boy, Game Boy Advance, Game Boy Advance SP, DS, DS Lite, DSi, 2DS, 3DS, 3DS XL, New 3DS, New 3DS XL, Wii, Wii U,
    Switch, Switch Lite, Switch OLED, Switch 2, Joy-Con, Switch Pro Controller`,
  Valve: 'Steam Deck LCD, Steam Deck OLED',
  Asus: 'ROG Ally, ROG Ally X',
  Lenovo: 'Legion Go',
}

export const WATCHES = {
  Apple: `
    Watch Series 1, Watch Series 2, Watch Series 3, Watch Series 4, Watch Series 5, Watch Series 6, Watch Series 7,
    Watch Series 8, Watch Series 9, Watch Series 10, Watch SE, Watch SE (2nd generation), Watch Ultra, Watch Ultra 2`,
  Samsung: `
    Galaxy Watch, Galaxy Watch3, Galaxy Watch4, Galaxy Watch4 Classic, Galaxy Watch5, Galaxy Watch5 Pro, Galaxy Watch6,
    Galaxy Watch6 Classic, Galaxy Watch7, Galaxy Watch Ultra, Galaxy Watch Active, Galaxy Watch Active2, Gear S3, Gear Sport`,
  Google: 'Pixel Watch, Pixel Watch 2, Pixel Watch 3',
  Garmin: `
    Fenix 6, Fenix 7, Fenix 8, Forerunner 55, Forerunner 255, Forerunner 265, Forerunner 955, Instinct, Instinct 2, Venu,
    Venu 2, vívoactive 4, vívoactive 5`,
  Fitbit: 'Charge 4, Charge 5, Charge 6, Inspire 2, Inspire 3, Sense, Sense 2, Versa, Versa 2, Versa 3, Versa 4',
  Huawei: 'Watch 3, Watch 4, Watch Fit 2, Watch Fit 3, Watch GT 2, Watch GT 3, Watch GT 4, Watch GT 5',
  Xiaomi: 'Mi Band 4, Mi Band 5, Mi Band 6, Mi Band 7, Mi Band 8, Redmi Watch 3, Watch S1',
}
