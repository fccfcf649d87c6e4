window.YTD.follower.part0 = [
  {
    "follower": {
      "accountId": "1252851",
      "userLink": "https://twitter.com/intent/user?user_id=1252851"
    }
  },
  {
    "follower": {
      "accountId": "1310630474755178496",
      "userLink": "https://twitter.com/intent/user?user_id=1310630474755178496"
    }
  },
  {
    "follower": {
      "accountId": "824308056351735809",
      "userLink": "https://twitter.com/intent/user?user_id=824308056351735809"
    }
  },
  {
    "follower": {
      "accountId": "007",
      "userLink": "https://twitter.com/intent/user?user_id=007"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740992",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740992"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740993",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740993"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740994",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740994"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740995",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740995"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740996",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740996"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740997",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740997"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740998",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740998"
    }
  },
  {
    "follower": {
      "accountId": "9007199254740999",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254740999"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741000",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741000"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741001",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741001"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741002",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741002"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741003",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741003"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741004",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741004"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741005",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741005"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741006",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741006"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741007",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741007"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741008",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741008"
    }
  },
  {
    "follower": {
      "accountId": "9007199254741009",
      "userLink": "https://twitter.com/intent/user?user_id=9007199254741009"
    }
  }
]
