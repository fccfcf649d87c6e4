"""Headers of exports as their makers document them, each with rows made up by us, and what they are."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from influence_graph.ingest.mapping.sample import Sample


@dataclass(frozen=True)
class Wild:
    """A file, the kind and fields that it surely has, and what must be asked; no kind: it cannot be told."""

    name: str
    text: str
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()

    @property
    def sample(self) -> Sample:
        rows = list(csv.reader(self.text.strip().splitlines()))
        names = [name for name in rows[0] if name]
        return Sample(tuple(names), {name: tuple(row[rows[0].index(name)] for row in rows[1:]) for name in names})


_ZONE = "--timezone"

WILD = [
    Wild(
        "shopify orders, one item each",
        """
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing City,Phone,Vendor,Id,Source
#1001,ann@example.org,paid,2025-07-14 10:00:00 +0200,fulfilled,EUR,20.00,4.90,3.98,24.90,,2025-07-14 10:00:00 +0200,1,Scarf,20.00,Ann Ode,Bonn,,Foerde,5500001,web
#1002,sam@example.org,refunded,2025-07-15 10:00:00 +0200,fulfilled,EUR,40.00,0.00,3.98,40.00,,2025-07-15 10:00:00 +0200,2,Hat,20.00,Sam Poe,Kiel,,Foerde,5500002,web
""",
        "interactions",
        {"event_id": "Id", "at": "Created at", "consumer": "Email", "kind": "=purchase", "value": "Total", "currency": "Currency"},
        ("brand", "skip"),
    ),
    Wild(
        "shopify customers",
        """
Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address City,Phone,Total Spent,Total Orders,Note,Tax Exempt,Tags
71001,Ann,Ode,ann@example.org,yes,,Bonn,,44.90,2,,no,
71002,Sam,Poe,sam@example.org,no,Poe Ltd,Kiel,,20.00,1,,no,vip
""",
        "people",
        {"id": "Customer ID"},
    ),
    Wild(
        "woocommerce orders",
        """
Order ID,Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Company (Billing),Email (Billing),City (Billing),Payment Method Title,Order Subtotal Amount,Order Shipping Amount,Order Refund Amount,Order Total Amount
201,201,Completed,2025-07-14 10:01,,Ann,Ode,,ann@example.org,Bonn,PayPal,20,4.9,0,24.9
202,202,Cancelled,2025-07-14 11:30,,Sam,Poe,Poe Ltd,sam@example.org,Kiel,PayPal,20,4.9,0,24.9
""",
        "interactions",
        {"event_id": "Order ID", "at": "Order Date", "consumer": "Email (Billing)", "kind": "=purchase", "value": "Order Total Amount"},
        ("brand", "skip", _ZONE),
    ),
    Wild(
        "stripe payments",
        """
id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Decline Reason,Description,Fee,Is Link,Mode,PaymentIntent ID,Refunded date (UTC),Status,Seller Message,Taxes On Fee,Card ID,Customer ID,Customer Description,Customer Email,Invoice ID,Transfer
ch_3Q1,2025-07-14 10:00,24.90,0.00,eur,TRUE,24.90,eur,,Scarf,0.9,FALSE,Live,pi_1,,Paid,Payment complete.,0,card_1,cus_1,,ann@example.org,,
ch_3Q2,2025-07-15 10:00,40.00,0.00,eur,FALSE,40.00,eur,card_declined,Hat,0,FALSE,Live,pi_2,,Failed,The bank declined.,0,card_2,cus_2,,sam@example.org,,
""",
        "interactions",
        {"event_id": "id", "at": "Created date (UTC)", "consumer": "Customer Email", "kind": "=purchase", "value": "Amount", "currency": "Currency"},
        ("brand", "skip"),
    ),
    Wild(
        "stripe customers",
        """
id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Brand,Card Funding,Total Spend,Payment Count,Refunded Volume
cus_1,,ann@example.org,Ann Ode,2024-01-02 10:00,false,card_1,Visa,credit,44.90,2,0
cus_2,,sam@example.org,Sam Poe,2024-01-03 10:00,false,card_2,Visa,debit,20.00,1,0
""",
        "people",
        {"id": "id", "name": "Name", "joined": "Created (UTC)"},
    ),
    Wild(
        "hubspot contacts",
        """
Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Last Activity Date (EST),Lead Status,Marketing contact status,Create Date (EST),Associated Company
301,Ann,Ode,ann@example.org,,Kim,2025-07-01 10:00,New,Marketing contact,2024-01-02 10:00,
302,Sam,Poe,sam@example.org,,Kim,2025-07-02 10:00,Open,Marketing contact,2024-01-03 10:00,Poe Ltd
""",
        "people",
        {"id": "Record ID", "joined": "Create Date (EST)"},
        (_ZONE,),
    ),
    Wild(
        "hubspot deals",
        """
Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount
9001,Scarves for Poe Ltd,closedwon,2025-07-14 10:00,Kim,2400
9002,Hats for Ode & Co,closedlost,2025-07-15 10:00,Kim,1200
""",
    ),
    Wild(
        "salesforce leads",
        """
Lead ID,First Name,Last Name,Title,Company,Email,Phone,Lead Source,Lead Status,Rating,Created Date
00Q1,Ann,Ode,Buyer,Ode & Co,ann@example.org,,Web,Open,Hot,7/14/2025
00Q2,Sam,Poe,Owner,Poe Ltd,sam@example.org,,Trade Show,Open,Cold,7/15/2025
""",
        "people",
        {"id": "Lead ID", "joined": "Created Date"},
        (_ZONE,),
    ),
    Wild(
        "salesforce opportunities",
        """
Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner
Scarves,Poe Ltd,Closed Won,2400,7/14/2025,Kim
Hats,Ode & Co,Closed Lost,1200,7/15/2025,Kim
""",
    ),
    Wild(
        "zendesk tickets",
        """
Id,Requester,Requester id,Requester external id,Requester email,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Due Date,Solved at,Resolution time,Satisfaction Score
4100,Ann Ode,801,,ann@example.org,Ann Ode,Kim,Support,Where is my parcel,late,Solved,High,Web form,Problem,2025-07-14 10:00:00 +0000,2025-07-14 12:00:00 +0000,,2025-07-14 12:00:00 +0000,2.0,Good
4101,Sam Poe,802,,sam@example.org,Sam Poe,Kim,Support,Wrong size sent to me,,Open,,Mail,Question,2025-07-15 10:00:00 +0000,2025-07-15 12:00:00 +0000,,,,Offered
""",
        "interactions",
        {"event_id": "Id", "at": "Created at", "consumer": "Requester email", "kind": "=support ticket"},
        ("brand",),
    ),
    Wild(
        "freshdesk tickets",
        """
Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results,Company Name,Product,Full name,Title,Email,Work phone
21,Where is my parcel now,Closed,Low,Portal,Incident,Kim,Support,2025-07-14 10:00:00,2025-07-16 10:00:00,2025-07-15 10:00:00,2025-07-15 10:00:00,2,2,Within SLA,Within SLA,,,,,Ann Ode,,ann@example.org,
22,Wrong size sent to me,Open,High,Email,Question,Kim,Support,2025-07-15 10:00:00,2025-07-16 10:00:00,,,1,2,,Within SLA,,,,,Sam Poe,,sam@example.org,
""",
        "interactions",
        {"event_id": "Ticket ID", "at": "Created time", "consumer": "Email", "kind": "=support ticket"},
        ("brand", _ZONE),
    ),
    Wild(
        "intercom conversations",
        """
Conversation ID,Conversation started at (UTC),Channel,Conversation type,User ID,User email,Teammate,Conversation rating,Conversation remark
701,2025-07-14 10:00:00,Chat,Inbound,u1,ann@example.org,Kim,5,
702,2025-07-15 10:00:00,Email,Inbound,u2,sam@example.org,Kim,,
""",
        "interactions",
        {"event_id": "Conversation ID", "at": "Conversation started at (UTC)", "consumer": "User email"},
        ("brand", "kind"),
    ),
    Wild(
        "surveymonkey, with a collector that knows the addresses",
        """
Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,How likely is it that you would recommend Foerde to a friend or colleague?,What could we do better?
118001,4401,07/14/2025 10:00:00 AM,07/14/2025 10:04:10 AM,,ann@example.org,Ann,Ode,,9,More colours and a longer scarf please
118002,4401,07/15/2025 10:00:00 AM,07/15/2025 10:03:00 AM,,sam@example.org,Sam,Poe,,4,
""",
        "interactions",
        {"at": "End Date", "consumer": "Email Address", "kind": "=survey", "valence": "How likely is it that you would recommend Foerde to a friend or colleague?"},
        ("brand", _ZONE),
    ),
    Wild(
        "typeform, without a question for the address",
        """
#,How likely are you to recommend us to a friend?,What could we do better?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags
8d01,9,More colours and a longer scarf please,completed,2025-07-14 10:00:00,,2025-07-14 10:04:10,a1b2,
8d02,4,Faster parcels would be so good,completed,2025-07-15 10:00:00,,2025-07-15 10:04:10,c3d4,
""",
    ),
    Wild(
        "qualtrics responses",
        """
StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage,NPS
2025-07-14 10:00:00,2025-07-14 10:04:10,0,,100,250,1,2025-07-14 10:04:11,R_1a,Ode,Ann,ann@example.org,,,,email,EN,9
2025-07-15 10:00:00,2025-07-15 10:04:10,0,,100,250,1,2025-07-15 10:04:11,R_2b,Poe,Sam,sam@example.org,,,,email,EN,4
""",
        "interactions",
        {"event_id": "ResponseId", "at": "RecordedDate", "consumer": "RecipientEmail", "kind": "=survey", "valence": "NPS"},
        ("brand", _ZONE),
    ),
    Wild(
        "trustpilot reviews",
        """
Review ID,Review Created (UTC),Reviewer Name,Reviewer Email,Review Title,Review Content,Review Stars,Source Name,Business Unit Name,Order Number,Tags
rv1,2025-07-14 10:00:00,Ann O.,ann@example.org,Good,Scarf came in two days and fits well,5,Invitation,foerde.example,1001,
rv2,2025-07-15 10:00:00,Sam P.,sam@example.org,Bad,Wrong size and nobody answers my mail,1,Invitation,foerde.example,1002,
""",
        "interactions",
        {"at": "Review Created (UTC)", "consumer": "Reviewer Email", "kind": "=review", "valence": "Review Stars"},
        ("brand",),
    ),
    Wild(
        "google play reviews: nobody is named",
        """
Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,Review Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Text,Review Link
de.foerde,41,4.1,de,redfin,2025-07-14T10:00:00Z,1752487200000,2025-07-14T10:00:00Z,1752487200000,5,,Works fine for me every day,,,https://play.example/1
de.foerde,41,4.1,en,oriole,2025-07-15T10:00:00Z,1752573600000,2025-07-15T10:00:00Z,1752573600000,1,,Crashes when I open the cart,,,https://play.example/2
""",
    ),
    Wild(
        "app store reviews, by nickname",
        """
Date,Version,Country,Rating,Title,Review,Author,App Name
2025-07-14,4.1,DE,5,Good,Works fine for me every day,ann_o,Foerde
2025-07-15,4.1,DE,1,Bad,Crashes when I open the cart,samp,Foerde
""",
        "interactions",
        {"at": "Date", "kind": "=review"},
        ("brand", "consumer", "valence", _ZONE),
    ),
    Wild(
        "ga4 events as BigQuery gives them",
        """
event_date,event_timestamp,event_name,event_bundle_sequence_id,user_pseudo_id,user_first_touch_timestamp,platform,stream_id
20250714,1752487200000000,page_view,1,1111.2222,1752487100000000,WEB,9
20250714,1752487260000000,purchase,2,1111.2222,1752487100000000,WEB,9
20250715,1752573600000000,page_view,3,3333.4444,1752573600000000,WEB,9
""",
        "interactions",
        {"at": "event_timestamp", "consumer": "user_pseudo_id", "kind": "event_name", "platform": "platform"},
        ("brand",),
    ),
    Wild(
        "ga4 report by day",
        """
Date,Active users,New users,Engaged sessions,Total revenue
20250714,120,33,80,449.10
20250715,98,20,61,310.00
20250716,101,25,66,290.50
""",
        "sales",
        {"date": "Date", "value": "Total revenue"},
        ("brand",),
    ),
    Wild(
        "ga4 report by channel and day: several rows of a day",
        """
Date,Session default channel group,Sessions,Total revenue
20250714,Organic Search,80,449.10
20250714,Direct,61,310.00
20250715,Direct,66,290.50
""",
    ),
    Wild(
        "matomo visits",
        """
idVisit,visitorId,visitIp,serverTimestamp,visitDuration,actions,referrerType,country
51,abcd12,0.0.0.0,1752487200,60,3,direct,Germany
52,ef3456,0.0.0.0,1752487300,10,1,search,Germany
""",
        "interactions",
        {"at": "serverTimestamp", "consumer": "visitorId"},
        ("brand", "kind"),
    ),
    Wild(
        "mailchimp members",
        """
Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS
ann@example.org,Ann,Ode,,,4,2024-01-02 10:00:00,,2024-01-02 10:00:00,,,,,,,,,2025-01-02 10:00:00,31,e1,,
sam@example.org,Sam,Poe,,,2,2024-01-03 10:00:00,,2024-01-03 10:00:00,,,,,,,,,2025-01-03 10:00:00,32,e2,,
""",
        "people",
        {"id": "Email Address", "joined": "OPTIN_TIME"},
        (_ZONE,),
    ),
    Wild(
        "mailchimp campaigns",
        """
Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Unique Opens,Open Rate,Unique Id
July,New scarves are here,All,"Jul 14, 2025 10:00 am",Monday,1200,1190,400,33.6%,aa01
August,Hats for cold days,All,"Aug 14, 2025 10:00 am",Thursday,1210,1199,410,34.2%,aa02
""",
        "campaigns",
        {"event_id": "Unique Id", "at": "Send Date", "note": "Subject", "segment": "List"},
        ("brand", _ZONE),
    ),
    Wild(
        "instagram insights by day",
        """
Date,Primary
2025-07-14T00:00:00,31
2025-07-15T00:00:00,28
""",
    ),
    Wild(
        "instagram followers, scraped",
        """
username,full_name,follower_count,following_count,is_private,is_verified
ann.o,Ann Ode,"8,089",210,False,False
sam.p,Sam Poe,12.5K,80,False,True
""",
        "people",
        {"id": "username", "name": "full_name", "followers": "follower_count"},
    ),
    Wild(
        "tiktok followers: a name and a date",
        """
Date,UserName
2025-07-14 10:00:00,ann.o
2025-07-15 10:00:00,sam.p
""",
        "",
        {},
        ("--as",),
    ),
    Wild(
        "youtube subscriptions",
        """
Channel Id,Channel Url,Channel Title
UC1,http://www.youtube.com/channel/UC1,Foerde
UC2,http://www.youtube.com/channel/UC2,Scarves and more
""",
    ),
    Wild(
        "youtube analytics by day",
        """
Date,Views,Watch time (hours),Subscribers,Impressions
2025-07-14,1200,33.1,4,9000
2025-07-15,1100,30.2,2,8800
""",
    ),
    Wild(
        "mastodon follows",
        """
Account address,Show boosts,Notify on new posts,Languages
ann@social.example,true,false,
sam@social.example,true,false,
""",
        "people",
        {"id": "Account address"},
    ),
    Wild(
        "x posts of one account",
        """
Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts
18001,"Mon, Jul 14, 2025",New scarves are here,https://x.example/1,900,12,30,1,2,0,3,4
18002,"Tue, Jul 15, 2025",Hats for cold days,https://x.example/2,800,10,22,0,1,1,2,3
""",
    ),
    Wild(
        "x followers, scraped",
        """
screen_name,name,followers_count,friends_count,created_at,location
ann_o,Ann Ode,8089,210,2012-03-04 10:00:00,Bonn
sam_p,Sam Poe,120,80,2015-05-06 11:00:00,
""",
        "people",
        {"id": "screen_name", "name": "name", "followers": "followers_count", "joined": "created_at"},
        (_ZONE,),
    ),
    Wild(
        "linkedin connections: most addresses are hidden",
        """
First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ann,Ode,https://linkedin.example/ann,,Ode & Co,Buyer,14 Jul 2025
Sam,Poe,https://linkedin.example/sam,sam@example.org,Poe Ltd,Owner,15 Jul 2025
Kim,Lee,https://linkedin.example/kim,,Lee Inc,Owner,15 Jul 2025
""",
    ),
    Wild(
        "gephi edges",
        """
Source,Target,Type,Id,Label,timeset,Weight
ann,june,Undirected,0,,,2.0
sam,june,Undirected,1,,,1.0
""",
        "ties",
        {"source": "Source", "target": "Target", "kind": "Type", "weight": "Weight"},
    ),
    Wild(
        "from and to, of which nobody is in both",
        """
from,to,departure
HAM,LHR,2025-07-14
TXL,CDG,2025-07-15
""",
    ),
    Wild(
        "movielens ratings",
        """
userId,movieId,rating,timestamp
1,31,2.5,1260759144
1,1029,3.0,1260759179
2,10,4.0,835355493
""",
        "interactions",
        {"at": "timestamp", "consumer": "userId"},
        ("brand", "kind", "valence"),
    ),
    Wild(
        "german shop orders",
        """
Bestellnummer,Bestelldatum,Kundennummer,E-Mail-Adresse,Marke,Artikel,Gesamtbetrag,Währung,Bestellstatus
A-1,14.07.2025,K1,ann@example.org,Förde,Schal,"1.234,50",EUR,versendet
A-2,15.07.2025,K2,sam@example.org,Möwe,Mütze,"20,00",EUR,storniert
""",
        "interactions",
        {"event_id": "Bestellnummer", "at": "Bestelldatum", "consumer": "E-Mail-Adresse", "brand": "Marke", "kind": "=purchase", "value": "Gesamtbetrag", "currency": "Währung"},
        ("skip", _ZONE),
    ),
    Wild(
        "french orders",
        """
N° de commande,Date de commande,Adresse e-mail,Montant total,Statut
F1,14/07/2025,ann@example.org,"24,90",expédiée
F2,15/07/2025,sam@example.org,"40,00",expédiée
""",
        "interactions",
        {"event_id": "N° de commande", "at": "Date de commande", "consumer": "Adresse e-mail", "kind": "=purchase", "value": "Montant total"},
        ("brand", _ZONE),
    ),
    Wild(
        "spanish reviews",
        """
Fecha,Usuario,Marca,Estrellas,Comentario
14/07/2025,ann,Foerde,5,Todo muy bien y muy rápido
15/07/2025,sam,Foerde,2,La talla no era la que pedí
""",
        "interactions",
        {"at": "Fecha", "consumer": "Usuario", "brand": "Marca", "kind": "=review", "valence": "Estrellas"},
        (_ZONE,),
    ),
    Wild(
        "orders with a line per item",
        """
Order ID,Order Date,Customer Email,Item,Total
1,2025-07-14T10:00:00Z,ann@example.org,Scarf,60.00
1,2025-07-14T10:00:00Z,ann@example.org,Hat,60.00
2,2025-07-15T10:00:00Z,sam@example.org,Hat,20.00
""",
        "interactions",
        {"event_id": "#digest", "at": "Order Date", "consumer": "Customer Email", "kind": "=purchase", "value": "Total"},
        ("brand", "repeats"),
    ),
    Wild(
        "products",
        """
id,name,price,vendor,stock
1,Scarf,20.00,Foerde,4
2,Hat,15.00,Foerde,9
""",
    ),
    Wild(
        "points that a shop gives are no Fusion points",
        """
Order ID,Order Date,Customer Email,Total,Points,Weight,Paid
1,2025-07-14T10:00:00Z,ann@example.org,60.00,6,0.4,true
2,2025-07-15T10:00:00Z,sam@example.org,20.00,2,0.2,true
""",
        "interactions",
        {"event_id": "Order ID", "at": "Order Date", "consumer": "Customer Email", "kind": "=purchase", "value": "Total"},
        ("brand",),
    ),
    Wild(
        "square transactions: day and time of day apart, customers by name",
        """
Date,Time,Time Zone,Gross Sales,Transaction ID,Payment ID,Customer Name,Total Collected,Event Type,Location
2025-07-14,10:00:00,Central,24.90,tx1,p1,Ann Ode,24.90,Payment,Bonn
2025-07-15,11:30:00,Central,40.00,tx2,p2,Sam Poe,40.00,Payment,Bonn
""",
        "interactions",
        {"event_id": "Transaction ID", "at": "Date+Time", "kind": "Event Type"},
        ("brand", "consumer", _ZONE),
    ),
    Wild(
        "eventbrite orders: the event is a concert, not a kind",
        """
Order #,Order Date,Email,Event Name,Ticket Quantity,Total Paid,Currency,Order Type
1,2025-07-14 10:00:00,ann@example.org,Summer Night,2,60.00,EUR,Eventbrite Completed
2,2025-07-15 10:00:00,sam@example.org,Summer Night,1,30.00,EUR,Eventbrite Completed
""",
        "interactions",
        {"event_id": "Order #", "at": "Order Date", "consumer": "Email", "kind": "=purchase", "currency": "Currency"},
        ("brand", _ZONE),
    ),
    Wild(
        "a price and a quantity; customers by name",
        """
Order No,Order Date,Customer,Qty,Price
1,2025-07-14T10:00:00Z,Ann Ode,2,30.00
2,2025-07-15T10:00:00Z,Sam Poe,1,30.00
""",
        "interactions",
        {"event_id": "Order No", "at": "Order Date", "kind": "=purchase"},
        ("brand", "consumer", "value"),
    ),
    Wild(
        "dates and amounts that can be read in two ways",
        """
Order No,Order Date,Email,Total
1,03/04/2025,ann@example.org,"8,089"
2,05/04/2025,sam@example.org,"1,250"
""",
        "interactions",
        {"event_id": "Order No", "consumer": "Email", "kind": "=purchase"},
        ("at", "brand", "value", _ZONE),
    ),
    Wild(
        "subscriptions: an end is not when it happened",
        """
Email,Plan,Start Date,End Date
ann@example.org,Gold,2025-07-14,2026-07-14
sam@example.org,Basic,2025-07-15,2026-07-15
""",
        "people",
        {"id": "Email"},
    ),
    Wild(
        "counts of one account",
        """
date,follower,following
2025-07-14,12,30
2025-07-15,30,12
""",
    ),
]
