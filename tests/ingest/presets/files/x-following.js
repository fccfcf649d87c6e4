window.YTD.following.part0 = [
  {
    "following": {
      "accountId": "1252851",
      "userLink": "https://twitter.com/intent/user?user_id=1252851"
    }
  },
  {
    "following": {
      "accountId": "18969923",
      "userLink": "https://twitter.com/intent/user?user_id=18969923"
    }
  },
  {
    "following": {
      "accountId": "824308056351735809",
      "userLink": "https://twitter.com/intent/user?user_id=824308056351735809"
    }
  },
  {
    "following": {
      "accountId": "18446744073709551",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709551"
    }
  },
  {
    "following": {
      "accountId": "18446744073709552",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709552"
    }
  },
  {
    "following": {
      "accountId": "18446744073709553",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709553"
    }
  },
  {
    "following": {
      "accountId": "18446744073709554",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709554"
    }
  },
  {
    "following": {
      "accountId": "18446744073709555",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709555"
    }
  },
  {
    "following": {
      "accountId": "18446744073709556",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709556"
    }
  },
  {
    "following": {
      "accountId": "18446744073709557",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709557"
    }
  },
  {
    "following": {
      "accountId": "18446744073709558",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709558"
    }
  },
  {
    "following": {
      "accountId": "18446744073709559",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709559"
    }
  },
  {
    "following": {
      "accountId": "18446744073709560",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709560"
    }
  },
  {
    "following": {
      "accountId": "18446744073709561",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709561"
    }
  },
  {
    "following": {
      "accountId": "18446744073709562",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709562"
    }
  },
  {
    "following": {
      "accountId": "18446744073709563",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709563"
    }
  },
  {
    "following": {
      "accountId": "18446744073709564",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709564"
    }
  },
  {
    "following": {
      "accountId": "18446744073709565",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709565"
    }
  },
  {
    "following": {
      "accountId": "18446744073709566",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709566"
    }
  },
  {
    "following": {
      "accountId": "18446744073709567",
      "userLink": "https://twitter.com/intent/user?user_id=18446744073709567"
    }
  }
]
