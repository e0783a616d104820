namespace Aggregator.Core.Tests.Stories;

/// <summary>Events that two reporters wrote about, each in words of their own, sharing names, figures and sometimes a quotation.</summary>
internal static class SameEvent
{
    public static IReadOnlyList<(StoryArticle A, StoryArticle B)> Pairs { get; } =
    [
        (Article("地铁六号线开通", "市民期待已久的地铁六号线今天上午十时正式开通，全长三十二公里，共设二十一座车站。首班车从东湖站驶出时，站台上挤满了拍照的乘客。市长在开通仪式上说：“这条线路将把两个新区的通勤时间缩短一半。”"),
         Article("六号线首日客流超三十万", "记者从轨道集团获悉，六号线开通首日客运量突破三十万人次。线路串联起东湖、高新两个片区，沿途二十一座车站均设有无障碍电梯。“这条线路将把两个新区的通勤时间缩短一半。”市长表示。不少市民专程赶来体验。")),
        (Article("Fire destroys warehouse", "A fire that broke out shortly after midnight destroyed a furniture warehouse on Canal Street on Tuesday. Nobody was hurt. Some ninety firefighters fought the flames until dawn, and residents were told to keep their windows shut. \"We were lucky with the wind,\" said fire chief Paul Adams."),
         Article("Canal Street blaze under control", "Firefighters have brought a blaze on Canal Street under control, officials said Tuesday morning. The warehouse, which stored furniture, burned to the ground; there were no injuries. Fire chief Paul Adams told reporters that \"we were lucky with the wind\". The cause is being investigated, and the street remains closed.")),
        (Article("県知事選、現職が三選", "県知事選は二十日投開票され、現職の山本氏が新人二人を破り三回目の当選を果たした。投票率は四十二・一パーセントで前回を下回った。山本氏は「県民の信頼に応えたい」と述べた。"),
         Article("山本氏が三選果たす", "任期満了に伴う県知事選で、現職の山本氏が三選を決めた。物価高への対応や人口減少対策が争点となり、山本氏は組織票を固めて逃げ切った。「県民の信頼に応えたい」と事務所で支持者に語った。")),
        (Article("Team wins the cup", "Two late goals gave the visitors the cup on Saturday in a final that will be remembered for the rain. Captain Leo Marsh scored with a header in the 88th minute and his substitute made it certain in stoppage time, before 41,000 spectators."),
         Article("Rain-soaked final goes to the visitors", "In pouring rain the visitors took home the cup by two goals to none. It looked like extra time until Leo Marsh, the captain, met a corner with two minutes left. The 41,000 in the stadium had hardly sat down when a second goal followed.")),
        (Article("央行下调存款准备金率", "中国人民银行宣布，自本月十五日起下调金融机构存款准备金率零点五个百分点，预计释放长期资金约一万亿元。央行有关负责人表示，此举旨在保持流动性合理充裕，支持实体经济。"),
         Article("降准来了！释放资金约一万亿", "备受市场关注的降准终于落地。十五日起，存款准备金率将降低零点五个百分点。多位分析师认为，约一万亿元长期资金有助于银行增加信贷投放，降低企业融资成本，对股市楼市都是利好。")),
    ];

    private static StoryArticle Article(string title, string text) => new(title, [text], "event");
}
